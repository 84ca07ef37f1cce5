using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Display;
using Npgsql;

namespace ModelAtlas.Web.ModelPages;

/// <summary>One model with everything around it.</summary>
internal sealed class ModelReader(CatalogStore store)
{
    public const int MostVerdicts = 50;
    private const int MostDerived = 8;

    public async Task<Lookup> FindAsync(string repoId, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync<Lookup?>(async db =>
        {
            var id = await db.Models.Where(model => model.RepoId == repoId).Select(model => (int?)model.Id).FirstOrDefaultAsync(cancellationToken);
            if (id is { } known) return new(await ReadAsync(db, known, cancellationToken), null, []);
            return await AliasAsync(db, repoId, cancellationToken) is { } name ? new(null, name, []) : null;
        }, cancellationToken);
        return found ?? new(null, null, await SimilarAsync(repoId, cancellationToken));
    }

    /// <summary>The name that a model has now, of one it had before.</summary>
    public Task<string?> AliasAsync(string name, CancellationToken cancellationToken) =>
        store.ReadAsync(db => AliasAsync(db, name, cancellationToken), cancellationToken);

    /// <summary>The most downloaded of what was made from a model.</summary>
    public Task<Derivatives> DerivedAsync(int modelId, int most, CancellationToken cancellationToken) =>
        store.ReadAsync(db => Lineage.DerivedAsync(db, modelId, most, cancellationToken), cancellationToken);

    private static Task<string?> AliasAsync(AtlasDbContext db, string name, CancellationToken cancellationToken) => (
        from alias in db.Aliases where alias.Alias == name join model in db.Models on alias.ModelId equals model.Id select model.RepoId).FirstOrDefaultAsync(cancellationToken);

    private static async Task<ModelDetail> ReadAsync(AtlasDbContext db, int id, CancellationToken cancellationToken)
    {
        var row = (await CatalogReader.RowsAsync(db, [id], cancellationToken))[0];
        var origin = await db.Models.Where(model => model.Id == id).Select(model => new { model.HubId, model.Source, CountedOn = db.Counters.Where(counter => counter.ModelId == id).Select(counter => (DateOnly?)counter.SeenOn).FirstOrDefault() }).FirstAsync(cancellationToken);
        var verdict = await db.Verdicts.Where(past => past.ModelId == id).OrderByDescending(past => past.Id).Select(past => past.Document).FirstOrDefaultAsync(cancellationToken);
        var history = await (
            from past in db.Verdicts
            where past.ModelId == id
            orderby past.Id descending
            join license in db.Licenses on past.LicenseId equals license.Id into licenses
            from license in licenses.DefaultIfEmpty()
            select new PastVerdict(past.Class, past.Basis, past.Rung, license == null ? null : license.Key, past.RuleVersion, past.Revision, past.ObservedAt, past.DecidedAt))
            .Take(MostVerdicts).ToListAsync(cancellationToken);
        var json = await db.Facts.Where(facts => facts.ModelId == id).Select(facts => facts.Json).FirstOrDefaultAsync(cancellationToken) ?? [];
        HubModelReader.TryRead(json, trusted: true, out var facts, [], out _);
        var dates = new FactDates(facts, row.ObservedAt, origin.CountedOn, origin.Source);
        var aliases = await db.Aliases.Where(alias => alias.ModelId == id).OrderBy(alias => alias.Alias).ToListAsync(cancellationToken);
        return new(
            row, origin.HubId, origin.Source, verdict is null ? null : CatalogReader.ReadVerdict(verdict), history, facts, dates, RawFacts.Read(json, facts, dates),
            await Lineage.BasesAsync(db, id, cancellationToken),
            await Lineage.DerivedAsync(db, id, MostDerived, cancellationToken),
            await DatasetsAsync(db, facts, cancellationToken), aliases);
    }

    private static async Task<IReadOnlyList<NamedDataset>> DatasetsAsync(AtlasDbContext db, HubModel? facts, CancellationToken cancellationToken)
    {
        const string Tag = "dataset:";
        var names = (facts?.CardData?.Datasets ?? [])
            .Concat((facts?.Tags ?? []).Where(tag => tag.StartsWith(Tag, StringComparison.Ordinal)).Select(tag => tag[Tag.Length..]))
            .Distinct(StringComparer.Ordinal).Take(100).ToList();
        if (names is []) return [];
        var known = await db.Datasets.Where(dataset => names.Contains(dataset.RepoId)).ToDictionaryAsync(dataset => dataset.RepoId, cancellationToken);
        return [.. names.Select(name => new NamedDataset(name, known.GetValueOrDefault(name)))];
    }

    /// <summary>Models whose name has the asked one in it. A search that takes too long finds nothing; the visitor still learns that the model is not here.</summary>
    private async Task<IReadOnlyList<CatalogRow>> SimilarAsync(string repoId, CancellationToken cancellationToken)
    {
        var name = PlainText.Clean(repoId.Split('/')[^1]);
        if (name.Length is < 2 or > 100) return [];
        var pattern = $"%{TextKey.EscapeLike(name)}%";
        try
        {
            return await store.ReadAsync(async db => await CatalogReader.RowsAsync(db, await (
                from model in db.Models
                where EF.Functions.ILike(model.RepoId, pattern, @"\")
                join counter in db.Counters on model.Id equals counter.ModelId into counters
                from counter in counters.DefaultIfEmpty()
                orderby counter == null ? 0 : counter.Downloads descending, model.Id
                select model.Id).Take(6).ToListAsync(cancellationToken), cancellationToken), cancellationToken);
        }
        catch (PostgresException late) when (late.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            return [];
        }
    }
}
