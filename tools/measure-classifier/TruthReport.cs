using System.Globalization;
using System.Text.Json;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Ingest.Judging;

namespace ModelAtlas.Tools.MeasureClassifier;

/// <summary>Labels and axes against the reference judgements: the scoring core, the conflict rows apart, three constant answers to compare with.</summary>
internal static class TruthReport
{
    private const string None = "none given";
    private static readonly string[] CodeLevels = ["open", "partial", "none"];
    private static readonly string[] Constants = ["open-source", "open-weights", "closed"];

    public static void Print(string data, TextWriter output)
    {
        var join = new TruthJoin(data);
        var answers = Judge(join);
        output.WriteLine($"{join.Ids.Count()} models of the reference judgements have a row or a card here.");
        Labels(output, "scoring core, with card", join, answers, (id, row) => row.IsCore && join.HasCard(id), details: true);
        Labels(output, "scoring core, half of the owners with card", join, answers, (id, row) => row.IsCore && join.HasCard(id) && Half(id) == 0);
        Labels(output, "scoring core, other half with card", join, answers, (id, row) => row.IsCore && join.HasCard(id) && Half(id) == 1);
        Labels(output, "scoring core, with or without card", join, answers, (_, row) => row.IsCore);
        Labels(output, "every labelled row with card", join, answers, (id, row) => row.Label is not null && !row.IsConflict && join.HasCard(id));
        Labels(output, "references in conflict", join, answers, (_, row) => row.IsConflict && row.Label is not null);

        output.WriteLine("Axes, over all rows with a card (truth that is not known left out):");
        Axis(output, "weights", join, answers, row => row.Weights, answer => answer.Weights);
        Axis(output, "licence class", join, answers, row => row.LicenseClass == "restricted" ? "unknown" : row.LicenseClass, answer => answer.License);
        Axis(output, "code (the better of training and inference)", join, answers, row => Better(row.CodeTraining, row.CodeInference), answer => answer.Code);
        Axis(output, "data", join, answers, row => row.Data, answer => answer.Data);
        Axis(output, "data disclosed at all", join, answers, row => Disclosed(row.Data), answer => Disclosed(answer.Data));
    }

    private static void Labels(
        TextWriter output, string title, TruthJoin join, Dictionary<string, Answer> answers, Func<string, TruthRow, bool> chosen, bool details = false)
    {
        var confusion = new Confusion();
        foreach (var id in join.Ids.Where(id => chosen(id, join.Wanted[id]))) confusion.Add(join.Wanted[id].Label ?? None, answers[id].Class ?? None);
        confusion.Print(output, title);
        var laxer = confusion.Count(key => key.Answer == "open-source" && key.Truth != "open-source");
        output.WriteLine($"  no class {confusion.Count(key => key.Answer == None)}, too open {laxer}");
        if (!details) return;
        foreach (var constant in Constants)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  always \"{constant}\": {(double)confusion.Count(key => key.Truth == constant) / confusion.Total:0.000}, kappa 0.00"));
        foreach (var id in join.Ids.Where(id => chosen(id, join.Wanted[id]) && answers[id].Class != join.Wanted[id].Label))
            output.WriteLine($"  wrong: {id} is {join.Wanted[id].Label}, judged {answers[id].Class ?? None} because: {answers[id].Reason}");
    }

    private static void Axis(TextWriter output, string title, TruthJoin join, Dictionary<string, Answer> answers, Func<TruthRow, string> truth, Func<Answer, string> answer)
    {
        var confusion = new Confusion();
        foreach (var id in join.Ids.Where(join.HasCard))
        {
            if (truth(join.Wanted[id]) is not ("unknown" or "") and var known) confusion.Add(known, answer(answers[id]));
        }
        confusion.Print(output, title);
    }

    private static string Better(string training, string inference) =>
        CodeLevels.FirstOrDefault(level => training == level || inference == level) ?? "unknown";

    private static string Disclosed(string level) => level is "open" or "partial" or "described" ? "yes" : level;

    /// <summary>Owners in two halves that do not depend on the order or number of rows.</summary>
    private static int Half(string id) => id[..Math.Max(0, id.IndexOf('/', StringComparison.Ordinal))].Sum(letter => letter) % 2;

    private static Dictionary<string, Answer> Judge(TruthJoin join)
    {
        var folder = Directory.CreateTempSubdirectory("modelatlas-measure-").FullName;
        try
        {
            var (models, cards) = (Path.Combine(folder, "models.jsonl"), Path.Combine(folder, "cards.jsonl"));
            join.Write(models, cards);
            using var verdicts = new MemoryStream();
            FileJudge.Run(new([models], [cards], [], null, Lens.Default, DateTimeOffset.UnixEpoch), verdicts, new UnreadLines(), CancellationToken.None);
            verdicts.Position = 0;
            using var reader = new StreamReader(verdicts);
            Dictionary<string, Answer> answers = [];
            while (reader.ReadLine() is { } line)
            {
                using var verdict = JsonDocument.Parse(line);
                answers[verdict.RootElement.GetProperty("id").GetString()?.ToLowerInvariant() ?? ""] = Answer.Of(verdict.RootElement);
            }
            return answers;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed record Answer(string? Class, string Weights, string License, string Code, string Data, string Reason)
    {
        public static Answer Of(JsonElement verdict)
        {
            var axes = verdict.GetProperty("axes");
            return new(
                verdict.GetProperty("class").GetString(),
                Word(axes, "weights"),
                Word(axes, "license"),
                Word(axes, "code"),
                Word(axes, "data"),
                verdict.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("text").GetString()).FirstOrDefault() ?? "");
        }

        private static string Word(JsonElement axes, string name) => axes.GetProperty(name).GetString() ?? "";
    }
}
