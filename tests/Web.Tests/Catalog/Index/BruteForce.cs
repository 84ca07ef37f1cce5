using System.Globalization;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Local;

namespace ModelAtlas.Web.Tests.Catalog.Index;

/// <summary>What filters, orders and counts mean, told model by model and without any of the index's code.</summary>
internal static class BruteForce
{
    /// <summary>Of sample models some are larger, some smaller.</summary>
    public const long Room = 2_000_000_000;

    public static bool IsHosted(string name) => name.Contains('3', StringComparison.Ordinal);

    public static IEnumerable<SampleModel> Find(IEnumerable<SampleModel> models, IReadOnlyDictionary<string, string[]> filter, string? without = null) =>
        models.Where(model => filter.All(chosen => chosen.Key == without || Passes(model, chosen.Key, chosen.Value)));

    public static Dictionary<string, int> Count(IEnumerable<SampleModel> models, string key) => models.SelectMany(model => ValuesOf(model, key).Distinct().Take(key is "gated" or "conf" ? 1 : int.MaxValue)).CountBy(value => value).ToDictionary();

    public static IEnumerable<SampleModel> Order(IEnumerable<SampleModel> models, CatalogSort sort, bool falling)
    {
        if (sort == CatalogSort.Name) return models.OrderBy(model => model.Name, Comparer<string>.Create((left, right) => (falling ? -1 : 1) * CompareBytes(left, right)));
        var rising = models.OrderBy(model => Number(model, sort) is null).ThenBy(model => Number(model, sort)).ThenBy(model => model.Id);
        return !falling ? rising : models.OrderBy(model => Number(model, sort) is null).ThenByDescending(model => Number(model, sort)).ThenByDescending(model => model.Id);
    }

    private static long? Number(SampleModel model, CatalogSort sort) => sort switch
    {
        CatalogSort.Downloads => model.Counters?.Downloads,
        CatalogSort.Likes => model.Counters?.Likes,
        CatalogSort.Trending => model.Counters?.Trending,
        CatalogSort.Updated => model.Updated?.Ticks,
        CatalogSort.Created => model.Created?.Ticks,
        _ => model.Parameters,
    };

    private static bool Passes(SampleModel model, string key, string[] values) => key switch
    {
        "q" => HasText(model, values[0]),
        "params" => IsWithin(model.Parameters, values[0]),
        "dl" => IsWithin(model.Counters?.Downloads, values[0]),
        "ctx" => IsWithin(model.Context, values[0], thousands: 1_024),
        "created" => IsWithin(model.Created, values[0]),
        "updated" => IsWithin(model.Updated, values[0]),
        "fmt" => values.Any(format => model.Tagged.Contains(format) || model.Library == format),
        "may" => values.All(right => License(model)?.Fact(right switch { "commercial" => FactTag.CommercialUse, "modify" => FactTag.Modifications, "redistribute" => FactTag.Distribution, _ => FactTag.OutputTraining }).Answer is Answer.Yes or Answer.Conditional),
        "no" => values.All(limit => limit == "gated" ? model.Gating == 1
            : License(model)?.Fact(limit switch { "mau-cap" => FactTag.UserThreshold, "nc" => FactTag.NonCommercial, "use-list" => FactTag.UseRestrictions, _ => FactTag.SameLicense }).Answer is Answer.No),
        "osi" => values.Any(answer => License(model)?.OsiApproved is { } approved && approved == (answer == "yes")),
        "policy" => values.Contains(LicensePolicy.Company.Judge(License(model), model.Conflict).Outcome switch { PolicyOutcome.Allowed => "allowed", PolicyOutcome.Denied => "denied", _ => "review" }),
        "fit" => values.Contains(MachineFit.Of(model.Parameters, Room).Id()),
        "hosted" => values.Any(answer => IsHosted(model.Name) == (answer == "yes")),
        "lfam" => values.Contains(License(model)?.Family),
        _ => ValuesOf(model, key).Intersect(values).Any(),
    };

    /// <summary>The words under which a model is found; of several for one thing first the one it is counted under.</summary>
    private static IEnumerable<string> ValuesOf(SampleModel model, string key) => key switch
    {
        "class" => [new[] { "none", "open-source", "open-weights", "closed" }[model.Class ?? 0]],
        "conf" => model.Basis == 5 ? ["not-established"] : [new[] { "", "verified", "evidenced", "claimed", "inferred" }[model.Basis], "established"],
        "rung" => [new[] { "none", "weights-available", "open-weights", "open-source", "open-source-open-data" }[model.Rung ?? 0]],
        "license" => [model.License ?? "none"],
        "task" => [model.Task ?? "none"],
        "lib" => [model.Library ?? "none"],
        "org" => [model.Author],
        "lang" => model.SpokenIn,
        "tag" => model.Tagged,
        "gated" => model.Gating switch { 1 => ["no"], 0 => ["unknown"], 2 => ["yes", "auto"], 3 => ["yes", "manual"], _ => ["yes"] },
        "rel" => model.Relations.Select(relation => relation switch { 0 => "unknown", 1 => "finetune", 2 => "quantized", 3 => "adapter", 4 => "merge", _ => "original" }),
        "weights" => [new[] { "unknown", "no", "no", "partial", "yes" }[model.Weights]],
        "code" or "data" => [(key == "code" ? model.Code : model.Data) switch { 0 => "unknown", 1 => "no", 7 => "yes", _ => "partial" }],
        "conflict" => [model.Conflict ? "yes" : "no"],
        "state" => [new[] { "listed", "gone", "private", "disabled", "withdrawn", "service" }[model.State]],
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, null),
    };

    private static bool HasText(SampleModel model, string text)
    {
        string[] words = [.. SampleModel.WordsOf(text)];
        if (text.Split(' ').Any(part => !part.Any(char.IsLetterOrDigit) && !model.Name.Contains(part, StringComparison.Ordinal))) return false;
        var mine = model.SearchWords;
        return words is [] || (words[..^1].All(mine.Contains) && mine.Any(word => word.StartsWith(words[^1], StringComparison.Ordinal)));
    }

    private static bool IsWithin(long? number, string range, int thousands = 1_000)
    {
        static long Read(string text, int thousands = 1_000) => text[^1] switch
        {
            'K' => long.Parse(text[..^1], CultureInfo.InvariantCulture) * thousands,
            'M' => long.Parse(text[..^1], CultureInfo.InvariantCulture) * 1_000_000,
            _ => long.Parse(text, CultureInfo.InvariantCulture),
        };
        var ends = range.Split("..");
        return number is { } known && (ends[0] == "" || known >= Read(ends[0])) && (ends[^1] == "" || known <= Read(ends[^1], thousands));
    }

    private static bool IsWithin(DateTime? time, string range)
    {
        var ends = range.Split("..");
        return time?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) is { } day
            && (ends[0] == "" || string.CompareOrdinal(day[..ends[0].Length], ends[0]) >= 0) && (ends[^1] == "" || string.CompareOrdinal(day[..ends[^1].Length], ends[^1]) <= 0);
    }

    private static License? License(SampleModel model) => model.License is { } key ? LicenseDesk.Find(key) : null;

    private static int CompareBytes(string left, string right) => System.Text.Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(right));
}
