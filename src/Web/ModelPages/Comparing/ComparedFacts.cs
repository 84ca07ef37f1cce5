using System.Globalization;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Display;
using ModelAtlas.Web.Licenses;

namespace ModelAtlas.Web.ModelPages.Comparing;

/// <summary>The rows of a comparison of models, and where each model's answer is read.</summary>
internal sealed record ComparedFact(string Group, string Label, Func<ModelDetail, ModelCell> Read)
{
    public const string Verdict = "Verdict", License = "Licence and uses", Evidence = "Evidence", Origin = "Made from", Size = "Size and form", Activity = "Activity";
}

internal static class ComparedFacts
{
    private const int MostNames = 6;

    public static readonly IReadOnlyList<ComparedFact> All =
    [
        new(ComparedFact.Verdict, "Class", model => new(model.Row.Class.Label(), null, ModelPart.Evidence.Url(model.Row.RepoId))),
        new(ComparedFact.Verdict, "Rests on", model => new(model.Row.Basis.Label(), model.Row.Basis.Meaning())),
        new(ComparedFact.Verdict, "G7 rung", model => model.Row.Rung is null ? new("none") : new(model.Row.Rung.Label())),
        new(ComparedFact.Verdict, "Because", model => model.Verdict?.Reasons is [.., var last] ? new(last.Text) : ModelCell.Unknown),
        new(ComparedFact.Verdict, "Not found so far", model => model.Verdict?.Missing is { Count: > 0 } missing ? new(string.Join("; ", missing)) : new("nothing that decides")),

        new(ComparedFact.License, "Governs", Governing),
        new(ComparedFact.License, "Read as", model => new(CatalogWords.LicenseClass(model.Row.License?.Class ?? LicenseClass.Unknown))),
        new(ComparedFact.License, "Declared", model => List(model.Verdict?.License.Declared, "nothing")),
        new(ComparedFact.License, "Sources", model => model.Row.Conflict ? new("disagree", string.Join(" ", model.Verdict?.License.Conflicts.Take(2) ?? []), ModelPart.License.Url(model.Row.RepoId)) : new("no conflict seen")),
        .. LicenseWords.Uses.Select(use => new ComparedFact(ComparedFact.License, use.Label, model => Use(model, use.Use))),

        new(ComparedFact.Evidence, "Weights", model => Level(model.Verdict?.Axes.Weights)),
        new(ComparedFact.Evidence, "Code", model => Level(model.Verdict?.Axes.Code)),
        new(ComparedFact.Evidence, "Training data", model => Level(model.Verdict?.Axes.Data)),
        new(ComparedFact.Evidence, "Datasets named", model => List([.. model.Datasets.Select(dataset => dataset.RepoId)], "none")),

        new(ComparedFact.Origin, "Bases", model => List([.. model.Bases.Found.Select(ancestor => ancestor.RepoId)], "none declared")),
        new(ComparedFact.Origin, "Made from it", model => new(Amount.Models(model.Derived.Total))),

        new(ComparedFact.Size, "Parameters", model => Number(model.Row.Parameters, Amount.Short)),
        new(ComparedFact.Size, "Context", model => model.Facts?.Gguf?.ContextLength is { } context ? new($"{Amount.Full(context)} tokens") : ModelCell.Unknown),
        new(ComparedFact.Size, "Storage", model => Number(model.Facts?.UsedStorage, Amount.Bytes)),
        new(ComparedFact.Size, "Library", model => Name(model.Row.Library)),
        new(ComparedFact.Size, "Task", model => Name(model.Row.Task)),
        new(ComparedFact.Size, "Languages", model => List(model.Facts?.CardData?.Language, "not given")),

        new(ComparedFact.Activity, "Access", model => new(model.Row.State == RepoState.Listed ? model.Row.Gating.Label() : model.Row.State.Label())),
        new(ComparedFact.Activity, "Downloads, 30 days", model => Number(model.Row.Downloads, Amount.Full)),
        new(ComparedFact.Activity, "Likes", model => Number(model.Row.Likes, Amount.Full)),
        new(ComparedFact.Activity, "Created", model => Date(model.Row.CreatedAt)),
        new(ComparedFact.Activity, "Updated", model => Date(model.Row.ModifiedAt)),
        new(ComparedFact.Activity, "As observed", model => Date(model.Row.ObservedAt)),
    ];

    private static ModelCell Governing(ModelDetail model) => model.Row.License is { } license
        ? new(license.Name, license.SpdxId, LicenseDesk.Find(license.Key) is { } known ? LicenseUrl.Of(known.Id) : null)
        : new("none found");

    private static ModelCell Use(ModelDetail model, UseQuestion use)
    {
        var answer = UseCheck.Answer(use, BindingLicenses.Of(model.Row, model.Bases));
        return new(answer.Outcome.Label(), answer.Reasons is [var first, ..] ? first.Text : null);
    }

    private static ModelCell Level(string? level) => new(level ?? "not judged");

    private static ModelCell Name(string? name) => name is null ? new("not given") : new(name);

    private static ModelCell Number(long? number, Func<long, string> write) => number is { } known ? new(write(known)) : ModelCell.Unknown;

    private static ModelCell Date(DateTime? date) => date is { } known ? new(known.ToString("d MMM yyyy", CultureInfo.InvariantCulture)) : ModelCell.Unknown;

    private static ModelCell List(IReadOnlyList<string>? names, string none) => names is not { Count: > 0 } ? new(none)
        : new(string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : ""));
}
