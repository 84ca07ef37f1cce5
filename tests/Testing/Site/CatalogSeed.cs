using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Data;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Testing.Site;

/// <summary>Writes models straight into a test's database, so that a test of pages needs no ingest.</summary>
public static class CatalogSeed
{
    private const string Source = "seed";

    public static async Task WriteAsync(string connectionString, IEnumerable<SeedModel> models, IEnumerable<CatalogDataset>? datasets = null)
    {
        await using var db = new AtlasDbContext(new DbContextOptionsBuilder<AtlasDbContext>().UseAtlas(connectionString).Options);
        var terms = await db.Terms.ToDictionaryAsync(term => (term.Kind, term.Name));
        var licenses = await db.Licenses.ToDictionaryAsync(license => license.Key);

        async Task<int> TermAsync(TermKind kind, string name)
        {
            if (!terms.TryGetValue((kind, name), out var term)) terms[(kind, name)] = term = await SaveAsync(db, new Term { Kind = kind, Name = name });
            return term.Id;
        }

        async Task<int?> LicenseAsync(string? key, string kind)
        {
            if (key is null) return null;
            if (!licenses.TryGetValue(key, out var license))
                licenses[key] = license = await SaveAsync(db, new CatalogLicense { Key = key, Name = Names.GetValueOrDefault(key, key), SpdxId = Spdx.GetValueOrDefault(key), LicenseClass = kind, Known = kind != "unknown" });
            return license.Id;
        }

        async Task<int[]> TermsAsync(TermKind kind, IReadOnlyList<string> names)
        {
            var ids = new int[names.Count];
            for (var at = 0; at < ids.Length; at++) ids[at] = await TermAsync(kind, names[at]);
            return ids;
        }

        foreach (var seed in models)
        {
            var model = await SaveAsync(db, new CatalogModel
            {
                RepoId = seed.RepoId,
                AuthorId = await TermAsync(TermKind.Author, seed.RepoId.Split('/')[0]),
                TaskId = seed.Task is null ? null : await TermAsync(TermKind.Task, seed.Task),
                LibraryId = seed.Library is null ? null : await TermAsync(TermKind.Library, seed.Library),
                LanguageIds = await TermsAsync(TermKind.Language, seed.Languages),
                TagIds = await TermsAsync(TermKind.Tag, seed.Tags),
                LicenseId = await LicenseAsync(seed.License, seed.LicenseClass),
                Class = seed.Class,
                Basis = seed.Basis,
                Rung = seed.Rung,
                Conflict = seed.Conflicts.Count > 0,
                WeightsLevel = AxisWords.Read(seed.Axes.Weights),
                LicenseLevel = AxisWords.Read(seed.Axes.License),
                CodeLevel = AxisWords.Read(seed.Axes.Code),
                DataLevel = AxisWords.Read(seed.Axes.Data),
                Gating = seed.Gating,
                State = seed.State,
                CreatedAt = seed.CreatedAt,
                ModifiedAt = seed.ModifiedAt,
                Parameters = seed.Parameters,
                ContextLength = seed.ContextLength,
                Summary = seed.Summary,
                ObservedAt = SeedModel.Observed,
                Source = Source,
                RuleVersion = Classifier.RuleVersion,
                SpokenName = ModelNames.Spoken(ModelNames.Last(seed.RepoId)),
            });
            db.Add(new ModelCounters { ModelId = model.Id, Downloads = seed.Downloads, Likes = seed.Likes, Trending = seed.Likes / 20, SeenOn = DateOnly.FromDateTime(SeedModel.Observed) });
            db.Add(new ModelFacts { ModelId = model.Id, Json = Facts(seed) });
            if (seed.LicenseText is { } text) db.Add(new ModelCard { ModelId = model.Id, Text = "", LicensePath = "LICENSE", LicenseText = text, Sha = "7ae557604adf67be50417f59c2c2f167def9a775", ObservedAt = SeedModel.Observed });
            db.AddRange(seed.Bases.Select(link => new ModelBase { ModelId = model.Id, BaseRepoId = link.RepoId, Relation = link.Relation }));
            db.AddRange(seed.FormerNames.Select(name => new ModelAlias
            {
                Alias = name,
                ModelId = model.Id,
                Reason = name.Contains('/', StringComparison.Ordinal) ? AliasReason.Renamed : AliasReason.Legacy,
                Since = SeedModel.Observed.AddYears(-2),
            }));
            if (seed.Before is { } before)
                await SaveAsync(db, Judged(model.Id, seed.Earlier(seed.Verdict) with { Class = before.Class }, await LicenseAsync(before.License, "open"), SeedModel.Observed.AddYears(-1)));
            await SaveAsync(db, Judged(model.Id, seed.Verdict, model.LicenseId, SeedModel.Observed));
        }
        db.AddRange(datasets ?? []);
        if (!await db.Cursors.AnyAsync())
            db.Add(new CrawlCursor { Source = Source, State = CrawlState.Done, StartedAt = SeedModel.Observed, HeartbeatAt = SeedModel.Observed, FinishedAt = SeedModel.Observed });
        await db.SaveChangesAsync();
        await db.Database.ExecuteSqlAsync($"INSERT INTO verdict_change (verdict_id, model_id, before_id, parts) SELECT verdict_id, model_id, before_id, parts FROM verdict_step WHERE parts <> 0 ON CONFLICT DO NOTHING");
        await db.Database.ExecuteSqlAsync($"UPDATE model_base SET base_model_id = model.id FROM model WHERE repo_id = base_repo_id");
    }

    private static CatalogVerdict Judged(int modelId, Verdict verdict, int? licenseId, DateTime at) => new()
    {
        ModelId = modelId,
        Class = verdict.Class,
        Basis = verdict.Basis,
        Rung = verdict.Rung,
        LicenseId = licenseId,
        RuleVersion = verdict.RuleVersion,
        ObservedAt = at,
        DecidedAt = at,
        Document = JsonSerializer.Serialize(verdict, VerdictJson.Default.Verdict),
    };

    private static async Task<T> SaveAsync<T>(AtlasDbContext db, T row) where T : class
    {
        db.Add(row);
        await db.SaveChangesAsync();
        return row;
    }

    private static byte[] Facts(SeedModel seed) => HubModelWriter.Write(new()
    {
        Id = seed.RepoId,
        Author = seed.RepoId.Split('/')[0],
        Sha = "7ae557604adf67be50417f59c2c2f167def9a775",
        CreatedAt = seed.CreatedAt,
        LastModified = seed.ModifiedAt,
        Gated = seed.Gating,
        Downloads = seed.Downloads,
        Likes = seed.Likes,
        PipelineTag = seed.Task,
        LibraryName = seed.Library,
        Tags = [.. seed.Tags, .. seed.Declared ?? []],
        CardData = new() { License = seed.Declared ?? (seed.License is null ? null : [seed.License]), Datasets = seed.Datasets, Language = seed.Languages, BaseModel = seed.Bases is [] ? null : [.. seed.Bases.Select(link => link.RepoId)] },
        Siblings = seed.Files,
        Safetensors = seed.Parameters is { } parameters ? new(parameters) : null,
    });

    private static readonly Dictionary<string, string> Names = new()
    {
        ["apache-2.0"] = "Apache License 2.0",
        ["mit"] = "MIT License",
        ["llama3"] = "Llama 3 Community License",
        ["gemma"] = "Gemma Terms of Use",
        ["bigscience-bloom-rail-1.0"] = "BigScience BLOOM RAIL 1.0",
        ["cc-by-nc-4.0"] = "CC BY-NC 4.0",
        ["openrail++"] = "CreativeML Open RAIL++-M",
    };

    private static readonly Dictionary<string, string> Spdx = new() { ["apache-2.0"] = "Apache-2.0", ["mit"] = "MIT", ["cc-by-nc-4.0"] = "CC-BY-NC-4.0" };
}
