using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Prompts;

namespace ModelAtlas.Tools.BuiltInModel;

/// <summary>A question with what its answer must and must not say.</summary>
internal sealed record HeldOut(string Question, IReadOnlyList<Regex> Wanted, IReadOnlyList<Regex> Unwanted)
{
    /// <summary>A file of <c>&gt; question</c>, <c>= expression</c> and <c>! expression</c>.</summary>
    public static IReadOnlyList<HeldOut> Read(string path)
    {
        var read = new List<(string Question, List<Regex> Wanted, List<Regex> Unwanted)>();
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 2))
            if (line[0] == '>') read.Add((line[2..], [], []));
            else if (line[0] is '=' or '!') (line[0] == '=' ? read[^1].Wanted : read[^1].Unwanted).Add(new(line[2..], RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
        return [.. read.Select(one => new HeldOut(one.Question, one.Wanted, one.Unwanted))];
    }

    /// <summary>Right is what says the facts in whole sentences.</summary>
    public bool IsRight(string answer) =>
        answer.Length > 0 && char.IsUpper(answer[0]) && answer[^1] is '.' or '!' or '?' && Wanted.All(wanted => wanted.IsMatch(answer)) && !Unwanted.Any(unwanted => unwanted.IsMatch(answer));
}

/// <summary>Asks a model folder as any caller does: chat template, tokenizer, engine.</summary>
internal static class Asking
{
    public static IReadOnlyList<string> Answers(string folder, IEnumerable<string> questions, CancellationToken cancellationToken)
    {
        using var model = LoadedModel.Load(folder, new(Device: DeviceWish.Cpu, Slots: 8, Threads: 1));
        var reader = new PromptReader(folder);
        var batch = new GenerationBatch(model.Decoder, model.Decoder.CanBatch);
        var texts = questions.Select(question =>
        {
            var chat = new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question }), ["add_generation_prompt"] = true };
            var prompt = reader.Read(JsonSerializer.SerializeToElement(chat), DateTimeOffset.UnixEpoch);
            return new Continuation(new(prompt, Sampling.Greedy) { MaxNewTokens = model.Package.Defaults.MaxNewTokens ?? 160, EndIds = model.Package.Defaults.EndIds }, reader.Tokenizer, cancellationToken);
        }).ToList();
        foreach (var text in texts) batch.Add(text);
        batch.Run();
        return [.. texts.Select(text => text.Finish == FinishReason.Eos ? reader.Tokenizer?.Decode(text.Ids, skipSpecial: true) ?? "" : "")];
    }
}
