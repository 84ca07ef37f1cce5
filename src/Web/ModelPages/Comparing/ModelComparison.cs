namespace ModelAtlas.Web.ModelPages.Comparing;

/// <summary>What a model says in one row.</summary>
/// <param name="Note">What the text rests on, shown below it. Two cells that only differ in it do not differ.</param>
/// <param name="Href">Where more is told.</param>
public sealed record ModelCell(string Text, string? Note = null, string? Href = null)
{
    public static readonly ModelCell Unknown = new("not known");
}

/// <param name="Cells">In the order of the models; null for a model that the catalogue does not have.</param>
public sealed record ModelRow(string Group, string Label, IReadOnlyList<ModelCell?> Cells)
{
    public bool Differs => Cells.OfType<ModelCell>().Select(cell => cell.Text).Distinct(StringComparer.Ordinal).Count() > 1;
}

/// <summary>A column: a model, or a name under which there is none.</summary>
public sealed record ComparedModel(string Asked, ModelDetail? Model, IReadOnlyList<string> Similar)
{
    public string Id => Model?.Row.RepoId ?? Asked;
}

/// <summary>Models side by side, one row for each thing that people choose by.</summary>
public sealed record ModelComparison(IReadOnlyList<ComparedModel> Models, IReadOnlyList<ModelRow> Rows)
{
    public const int Most = 4;

    public static ModelComparison Of(IReadOnlyList<ComparedModel> models) => new(models,
        [.. ComparedFacts.All.Select(fact => new ModelRow(fact.Group, fact.Label, [.. models.Select(model => model.Model is { } known ? fact.Read(known) : null)]))]);

    public IEnumerable<ModelRow> Differences => Rows.Where(row => row.Differs);
}
