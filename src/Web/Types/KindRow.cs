using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Types;

/// <summary>A number out of the catalogue, what it counts, and the list of the models it counts.</summary>
internal sealed record KindCell(string Number, string Counts, CatalogView List, string? Beside = null);

/// <summary>One of the nine questions by which people tell the three kinds apart: what is said of each, and what the catalogue shows.</summary>
/// <param name="Says">In the order of <see cref="KindReader.Kinds"/>.</param>
internal sealed record KindRow(string Id, string Name, string[] Says, Func<KindNumbers, KindCell?> Measure)
{
    /// <summary>Of fewer models a share says nothing.</summary>
    public const int Fewest = 20;

    public static readonly IReadOnlyList<KindRow> All =
    [
        new("definition", "Definition",
            ["Weights, code, and enough about the training data to study the model and build it again, for anybody to use.", "The finished weights to download. How they came about is told in part or not at all.", "Reached through its maker's service only. Nothing is handed out."],
            kind => kind.Models == 0 ? new("0", "models", List(kind)) : new(Amount.Full(kind.Models), $"{(kind.Models == 1 ? "model" : "models")}, {Amount.Percent(kind.Models, kind.All)} of all", List(kind), $"{Amount.Percent(kind.Established, kind.Models)} of them established by what was found")),
        new("transparency", "Transparency",
            ["The whole way from data to weights can be looked at.", "The result can be looked at, the way to it cannot.", "What the maker chooses to tell."],
            kind => Share(kind, kind.OpenRecipe, "publish training code and say what the data was", kind.OpenRecipe > 0 ? List(kind, "rung", "open-source", "open-source-open-data") : List(kind), $"{Amount.Percent(kind.WithPaper, kind.Models)} name a paper")),
        new("modification", "Modification",
            ["May be changed in every part and trained anew.", "May be tuned further, as far as the licence lets you; the design stays as it is.", "Only what the service offers as settings."],
            kind => Share(kind, kind.MayModify, "are under a licence that lets you change them", kind.MayModify > 0 ? List(kind, "may", "modify") : List(kind), Sampled(kind, kind.Sample.WithDerivatives, "have models made from them here"))),
        new("community", "Community",
            ["Many hands: research groups and volunteers share what they make.", "One maker, and a wide circle of people who tune and convert.", "The maker's customers."],
            kind => new(Amount.Full(kind.Publishers), kind.Publishers == 1 ? "publisher" : "publishers", List(kind).By(CatalogSort.Likes), kind.MedianLikes is > 0 and var likes ? $"half of the models have {Amount.Full(likes)} likes or more" : null)),
        new("ease", "Ease of use",
            ["You bring the machine and the knowledge.", "Ready to run, in formats that common tools read.", "An account and a key, and it runs."],
            kind => kind.Kind == Openness.Closed
                ? Share(kind, kind.Services, "are offered as a service, with nothing to install", List(kind, "state", RepoState.Service.Id()))
                : Share(kind, kind.ReadyFormat, "come in a format that common tools load as it is", List(kind, "fmt", "safetensors", "gguf", "onnx"), Here(kind))),
        new("cost", "Cost",
            ["Free to have; the machine costs.", "Mostly free to have; some ask first, some ask money of large companies.", "Paid by use."],
            kind => Share(kind.NotGated, kind.GateKnown, "can be fetched at once, of those whose gate is known", List(kind, "gated", "no"), kind.MedianParameters is { } size ? $"half of them have {Amount.Short(size)} parameters or more to find room for" : null)),
        new("support", "Support",
            ["Forums, issues, whoever cares.", "Some from the maker, the rest from the community.", "By contract."],
            kind => Share(kind.Fresh, kind.Dated, kind.Kind == Openness.Closed ? "came out in the last year, of those whose day is known" : "were updated in the last year, as last observed", List(kind, kind.DateKey, kind.Year).By(kind.DateKey == "created" ? CatalogSort.Created : CatalogSort.Updated))),
        new("best", "Best for",
            ["Research, teaching, and whoever must be able to show how an answer came about.", "Products that run on machines of one's own.", "A quick start without machines, where data may leave the house."],
            kind => kind.Tasks is [var first, ..] ? Share(kind, first.Models, $"are for {first.Task}", List(kind, "task", first.Task), Others(kind)) : null),
        new("ethics", "Ethics",
            ["Bias can be traced to its data, and misuse is everybody's to prevent.", "The data is mostly unknown; licences often forbid some uses.", "The maker's rules, checked by the maker."],
            kind => Share(kind, kind.WithData, "name what they were trained on", List(kind, "data", "yes", "partial"), $"{Amount.Percent(kind.WithoutUseList, kind.Models)} under a licence without a list of forbidden uses")),
    ];

    public KindCell? Of(KindNumbers kind) => Measure(kind);

    private static KindCell? Share(KindNumbers kind, int part, string counts, CatalogView list, string? beside = null) => Share(part, kind.Models, counts, list, beside);

    private static KindCell? Share(int part, int whole, string counts, CatalogView list, string? beside = null) =>
        whole < Fewest ? null : new(Amount.Percent(part, whole), counts, list, beside);

    private static string? Others(KindNumbers kind) => kind.Tasks.Count < 2 ? null
        : $"then {string.Join(", ", kind.Tasks.Skip(1).Select(other => $"{other.Task} {Amount.Percent(other.Models, kind.Models)}"))}";

    private static string? Here(KindNumbers kind) => kind.Room is { Sized: >= Fewest } room
        ? $"{Amount.Percent(room.Fit, room.Sized)} of those whose size is known would fit into this site's memory; {Amount.Full(kind.Hosted)} can be asked here now"
        : kind.Hosted > 0 ? $"{Amount.Full(kind.Hosted)} can be asked here now" : null;

    private static string? Sampled(KindNumbers kind, int part, string counts) =>
        kind.Sample.Models == 0 ? null : $"{Amount.Percent(part, kind.Sample.Models)} {counts}{OfSample(kind)}";

    private static string OfSample(KindNumbers kind) => kind.Sample.Models < kind.Models ? $", of the {Amount.Full(kind.Sample.Models)} most downloaded" : "";

    private static CatalogView List(KindNumbers kind, string? key = null, params string[] values) =>
        CatalogView.Start.Where(key is null ? kind.Filter : kind.Filter.With(key, values));
}
