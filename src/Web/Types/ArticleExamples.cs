using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Types;

/// <summary>A model that the article on the three kinds names as an example, and what it says of it.</summary>
/// <param name="License">Licence id, where the article names one.</param>
public sealed record ArticleExample(string RepoId, string Name, Openness Class, string? License = null)
{
    public static readonly IReadOnlyList<ArticleExample> All =
    [
        new("openai-community/gpt2", "GPT-2", Openness.OpenSource),
        new("bigscience/bloom", "BLOOM", Openness.OpenSource),
        new("tiiuae/falcon-40b", "Falcon 40B", Openness.OpenSource, "apache-2.0"),
        new("tiiuae/falcon-180B", "Falcon 180B", Openness.OpenSource, "apache-2.0"),
        new("meta-llama/Meta-Llama-3-8B", "Llama 3", Openness.OpenWeights),
        new("mistralai/Mistral-7B-v0.1", "Mistral 7B", Openness.OpenWeights, "apache-2.0"),
        new("google/gemma-3-27b-it", "Gemma 3", Openness.OpenWeights),
        new("deepseek-ai/DeepSeek-V3", "DeepSeek V3", Openness.OpenWeights),
        new("deepseek-ai/DeepSeek-R1", "DeepSeek R1", Openness.OpenWeights),
    ];
}

/// <param name="Model">Null where the catalogue does not have it.</param>
public sealed record JudgedExample(ArticleExample Example, CatalogRow? Model, Verdict? Verdict)
{
    public bool ClassDiffers => Model is not null && Model.Class != Example.Class;

    public bool LicenseDiffers => Example.License is { } named && Model?.License is { } governs && governs.Key != named;

    public string? NamedLicense => Example.License is { } id ? LicenseDesk.Find(id)?.Name ?? id : null;

    /// <summary>The rules that decided.</summary>
    public string Because => string.Join(" ", (Verdict?.Reasons ?? []).Where(reason => reason.Rule.StartsWith('R')).Select(reason => reason.Text));
}

/// <summary>What the catalogue says of the article's examples.</summary>
internal sealed class ExampleReader(CatalogStore store)
{
    private static readonly string[] Names = [.. ArticleExample.All.Select(example => example.RepoId)];

    public Task<IReadOnlyList<JudgedExample>> ReadAsync(CancellationToken cancellationToken) => store.ReadAsync(async db =>
    {
        var ids = await db.Models.Where(model => Names.Contains(model.RepoId)).Select(model => model.Id).ToListAsync(cancellationToken);
        var rows = (await CatalogReader.RowsAsync(db, ids, cancellationToken)).ToDictionary(row => row.RepoId);
        var documents = await db.Verdicts
            .Where(verdict => ids.Contains(verdict.ModelId) && !db.Verdicts.Any(later => later.ModelId == verdict.ModelId && later.Id > verdict.Id))
            .Select(verdict => new { verdict.ModelId, verdict.Document }).ToDictionaryAsync(verdict => verdict.ModelId, verdict => verdict.Document, cancellationToken);
        return (IReadOnlyList<JudgedExample>)[.. ArticleExample.All.Select(example =>
        {
            var row = rows.GetValueOrDefault(example.RepoId);
            return new JudgedExample(example, row, row is not null && documents.TryGetValue(row.Id, out var document) ? CatalogReader.ReadVerdict(document) : null);
        })];
    }, cancellationToken);
}
