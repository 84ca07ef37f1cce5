using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>From merged facts and a verdict to the row that the catalogue lists.</summary>
internal static class CatalogMapper
{
    /// <summary>Tags that another column says.</summary>
    private static readonly string[] Told = ["license:", "base_model:", "region:"];

    /// <summary>The names that the row points to by number.</summary>
    public static IEnumerable<(TermKind Kind, string Name)> Terms(HubModel model)
    {
        yield return (TermKind.Author, Author(model));
        if (model.PipelineTag is { } task) yield return (TermKind.Task, task);
        if (model.LibraryName is { } library) yield return (TermKind.Library, library);
        foreach (var language in Languages.Of(model)) yield return (TermKind.Language, language);
        foreach (var tag in Tags(model)) yield return (TermKind.Tag, tag);
    }

    public static CatalogModel ToModel(StoredModel row, Observation now, Assessment assessed, TermBook names)
    {
        var (model, verdict) = (now.Model, assessed.Verdict);
        return new()
        {
            Id = row.Id,
            HubId = row.HubId,
            RepoId = row.RepoId,
            AuthorId = names.Terms[(TermKind.Author, Author(model))],
            TaskId = model.PipelineTag is { } task ? names.Terms[(TermKind.Task, task)] : null,
            LibraryId = model.LibraryName is { } library ? names.Terms[(TermKind.Library, library)] : null,
            LanguageIds = [.. Languages.Of(model).Select(language => names.Terms[(TermKind.Language, language)]).Distinct()],
            TagIds = [.. Tags(model).Select(tag => names.Terms[(TermKind.Tag, tag)]).Distinct()],
            LicenseId = TermBook.LicenseOf(verdict.License) is { } license ? names.Licenses[license] : null,
            Class = verdict.Class,
            Basis = verdict.Basis,
            Rung = verdict.Rung,
            Conflict = verdict.License.Conflicts.Count > 0,
            WeightsLevel = AxisWords.Read(verdict.Axes.Weights),
            LicenseLevel = AxisWords.Read(verdict.Axes.License),
            CodeLevel = AxisWords.Read(verdict.Axes.Code),
            DataLevel = AxisWords.Read(verdict.Axes.Data),
            RuleVersion = verdict.RuleVersion,
            VerdictHash = assessed.Hash,
            GiftHash = assessed.Gift,
            SpokenName = ModelNames.Spoken(ModelNames.Last(row.RepoId)),
            Gating = model.Gated ?? Gating.Unknown,
            State = StateOf(model, verdict.Axes.Weights),
            CreatedAt = model.CreatedAt,
            ModifiedAt = model.LastModified,
            Parameters = model.Safetensors?.Total ?? model.Gguf?.Total,
            ContextLength = model.Gguf?.ContextLength is { } context ? (int)Math.Min(context, int.MaxValue) : null,
            ObservedAt = now.At,
            Source = row.Source,
            ObservationHash = row.Hash,
        };
    }

    /// <summary>The owner, whatever the source says: lists by maker and links agree with the name.</summary>
    private static string Author(HubModel model) => model.Id[..model.Id.IndexOf('/', StringComparison.Ordinal)];

    private static IEnumerable<string> Tags(HubModel model) =>
        model.Tags?.Where(tag => tag != model.PipelineTag && tag != model.LibraryName && !Told.Any(prefix => tag.StartsWith(prefix, StringComparison.Ordinal))) ?? [];

    private static RepoState StateOf(HubModel model, string weights) => model switch
    {
        { Atlas.Kind: "service" } => RepoState.Service,
        { Withdrawn: true } => RepoState.Withdrawn,
        { Removed: true } => RepoState.Gone,
        { Disabled: true } => RepoState.Disabled,
        { Private: true } => RepoState.Private,
        _ => weights == Level.Withdrawn ? RepoState.Withdrawn : RepoState.Listed,
    };
}
