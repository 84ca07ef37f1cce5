using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Extraction;
using Npgsql;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Merges models into the catalogue within the caller's transaction, and judges anew those of which something changed.</summary>
internal sealed class ModelWriter(TermBook names, TimeProvider clock)
{
    public async Task<PageResult> WriteAsync(NpgsqlConnection connection, string source, IReadOnlyList<IncomingModel> incoming, CancellationToken cancellationToken)
    {
        var merge = await ModelStore.FindAsync(connection, source, incoming, cancellationToken);
        var doubtful = incoming.SelectMany(model => merge.Candidates(model).Where(row => !PageMerge.SaysNothingNew(model, row))).ToHashSet();
        await ModelStore.LoadAsync(connection, doubtful, cancellationToken);
        foreach (var model in incoming) merge.Take(model);

        var rows = merge.Taken.OfType<StoredModel>().Distinct().ToList();
        var changed = rows.Select(Change).OfType<ChangedModel>().ToList();
        await SaveAsync(connection, merge, changed, rows, cancellationToken);
        return Count(merge.Taken, changed);
    }

    /// <summary>Judges rows anew whose facts are as they were.</summary>
    public async Task<PageResult> JudgeAsync(NpgsqlConnection connection, IReadOnlyList<StoredModel> rows, CancellationToken cancellationToken)
    {
        var judged = rows.Where(row => row is { Now: not null, Facts: not null })
            .Select(row => new ChangedModel(row, row.Now ?? throw new InvalidOperationException(), row.Facts ?? [], Assessment.Of(row.Now, row.Card?.Text))).ToList();
        await SaveAsync(connection, new("", [], []), judged, [], cancellationToken);
        return new(0, judged.Count, 0, 0);
    }

    private static ChangedModel? Change(StoredModel row)
    {
        if (row.Now is null) return null;
        var now = row.Now with { Model = row.Now.Model with { Id = row.RepoId, HubId = row.HubId } };
        var facts = row.Write(now);
        if (!row.Holds(now, facts)) return new(row, now, facts, Assessment.Of(now, row.Card?.Text));
        var counters = StoredModel.CountersOf(row.Id, now.Model, now.At);
        if (row.Counters is null || !StoredModel.Same(counters, row.Counters)) row.Recount = counters;
        return null;
    }

    private async Task SaveAsync(NpgsqlConnection connection, PageMerge merge, List<ChangedModel> changed, List<StoredModel> rows, CancellationToken cancellationToken)
    {
        await names.AddAsync(connection, changed.SelectMany(model => CatalogMapper.Terms(model.Now.Model)), cancellationToken);
        await names.AddLicensesAsync(connection, changed.Select(model => TermBook.LicenseOf(model.Assessed.Verdict.License)).OfType<string>(), cancellationToken);

        var absorbed = merge.Absorbed.Where(pair => !pair.From.IsNew).ToList();
        await using var first = new NpgsqlBatch(connection);
        if (absorbed is not []) first.BatchCommands.Add(ModelParts.Unname([.. absorbed.Select(pair => pair.From.Id)]));
        if (merge.DroppedAliases.Count > 0) first.BatchCommands.Add(ModelParts.ForgetAliases(merge.DroppedAliases));
        if (first.BatchCommands.Count > 0) await first.ExecuteNonQueryAsync(cancellationToken);

        var added = changed.Where(model => model.Row.IsNew).ToHashSet();
        var ids = await ModelTable.TakeIdsAsync(connection, added.Count, cancellationToken);
        foreach (var model in added) model.Row.Id = ids.Dequeue();
        await ModelTable.InsertAsync(connection, [.. added.Select(Map)], cancellationToken);
        await WritePartsAsync(connection, merge, changed, rows, [.. changed.Except(added)], cancellationToken);
        await ModelParts.AppendAsync(connection, [.. changed.Where(model => model.IsNewVerdict).Select(Verdict)], cancellationToken);

        await using var last = new NpgsqlBatch(connection);
        foreach (var (from, into) in absorbed)
            foreach (var step in ModelParts.Absorb(from.Id, into.Id)) last.BatchCommands.Add(step);
        if (last.BatchCommands.Count > 0) await last.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task WritePartsAsync(
        NpgsqlConnection connection, PageMerge merge, List<ChangedModel> changed, List<StoredModel> rows, List<ChangedModel> updated, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (updated is not [])
        {
            batch.BatchCommands.Add(ModelTable.Update([.. updated.Select(Map)]));
            batch.BatchCommands.Add(ModelParts.ForgetBases([.. updated.Where(model => model.HasNewFacts).Select(model => model.Row.Id)]));
        }
        var told = changed.Where(model => model.HasNewFacts).ToList();
        List<ModelCounters> counters = [.. changed.Where(model => model.HasNewCounters).Select(model => model.Counters), .. rows.Select(row => row.Recount).OfType<ModelCounters>()];
        List<ModelBase> bases = [.. told.SelectMany(Bases)];
        List<ModelAlias> aliases = [.. merge.NewAliases.Select(alias => new ModelAlias { Alias = alias.Key, ModelId = alias.Value.Row.Id, Reason = alias.Value.Reason, Since = alias.Value.Since })];
        if (counters is not []) batch.BatchCommands.Add(ModelParts.Counters(counters));
        if (told is not []) batch.BatchCommands.Add(ModelParts.Facts([.. told.Select(model => new ModelFacts { ModelId = model.Row.Id, Json = model.Facts })]));
        if (bases is not []) batch.BatchCommands.Add(ModelParts.Bases(bases));
        if (aliases is not []) batch.BatchCommands.Add(ModelParts.Aliases(aliases));
        List<(int, StoredCard)> cards = [.. changed.Where(model => model.Row.Card is { IsNews: true }).Select(model => (model.Row.Id, model.Row.Card)).OfType<(int, StoredCard)>()];
        if (cards is not []) batch.BatchCommands.Add(CardTable.Write(cards));
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private CatalogModel Map(ChangedModel model) => CatalogMapper.ToModel(model.Row, model.Now, model.Assessed, names);

    private CatalogVerdict Verdict(ChangedModel model) => new()
    {
        ModelId = model.Row.Id,
        Class = model.Assessed.Verdict.Class,
        Basis = model.Assessed.Verdict.Basis,
        Rung = model.Assessed.Verdict.Rung,
        LicenseId = TermBook.LicenseOf(model.Assessed.Verdict.License) is { } license ? names.Licenses[license] : null,
        RuleVersion = model.Assessed.Verdict.RuleVersion,
        Revision = model.Now.Model.Sha,
        ObservedAt = model.Now.At,
        DecidedAt = clock.GetUtcNow().UtcDateTime,
        Document = model.Assessed.Document,
    };

    private static IEnumerable<ModelBase> Bases(ChangedModel model) =>
        BaseNames.Of(model.Now.Model).Select(named => new ModelBase { ModelId = model.Row.Id, BaseRepoId = named.Id, Relation = RelationOf(named.Relation) }).DistinctBy(parent => parent.BaseRepoId);

    private static BaseRelation RelationOf(string? relation) =>
        Enum.TryParse<BaseRelation>(relation, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : BaseRelation.Unknown;

    private static PageResult Count(List<StoredModel?> taken, List<ChangedModel> changed)
    {
        var added = changed.Where(model => model.IsNewRow).Select(model => model.Row).ToHashSet();
        var touched = changed.Select(model => model.Row).ToHashSet();
        var result = PageResult.None;
        foreach (var row in taken)
            result += row is null ? PageResult.OneUnchanged
                : added.Remove(row) ? PageResult.OneStored
                : touched.Contains(row) || row.Recount is not null ? PageResult.OneMerged
                : PageResult.OneUnchanged;
        return result;
    }

    private sealed record ChangedModel(StoredModel Row, Observation Now, byte[] Facts, Assessment Assessed)
    {
        public bool IsNewRow { get; } = Row.IsNew;

        public bool IsNewVerdict { get; } = Row.IsNew || Row.VerdictHash != Assessed.Hash || Row.RuleVersion != Assessed.Verdict.RuleVersion;

        public bool HasNewFacts { get; } = !Facts.AsSpan().SequenceEqual(Row.Facts);

        public ModelCounters Counters => StoredModel.CountersOf(Row.Id, Now.Model, Now.At);

        public bool HasNewCounters => Row.Counters is null || !StoredModel.Same(Counters, Row.Counters);
    }
}
