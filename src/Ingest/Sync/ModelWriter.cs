using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using Npgsql;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Merges models into the catalogue within the caller's transaction, and judges anew those of which something changed.</summary>
internal sealed class ModelWriter(TermBook names, KnownEvidence known, TimeProvider clock)
{
    /// <param name="known">Whether rows are likely to be known as they are: these are found first, by hash, and need no more than a look at their counters.</param>
    public async Task<PageResult> WriteAsync(NpgsqlConnection connection, string source, IReadOnlyList<IncomingModel> incoming, bool known, CancellationToken cancellationToken)
    {
        var same = known ? await ModelStore.FindSameAsync(connection, [.. incoming.Where(model => model.IsPlain)], cancellationToken) : [];
        foreach (var (model, row) in same) PageMerge.Recount(row, model);
        List<IncomingModel> rest = [.. incoming.Where(model => !same.ContainsKey(model))];
        var merge = rest is [] ? new(source, [], []) : await ModelStore.FindAsync(connection, source, rest, cancellationToken);
        var doubtful = rest.SelectMany(model => merge.Candidates(model).Where(row => !PageMerge.SaysNothingNew(model, row))).ToHashSet();
        await ModelStore.LoadAsync(connection, doubtful, cancellationToken);
        foreach (var model in rest) merge.Take(model);

        List<StoredModel> rows = [.. merge.Taken.OfType<StoredModel>().Distinct(), .. same.Values];
        var changed = await AssessAsync(connection, [.. rows.Select(Change).OfType<UnjudgedModel>()], cancellationToken);
        await SaveAsync(connection, merge, changed, rows, cancellationToken);
        var given = changed.FindAll(model => model.IsNewRow || model.Row.Moved || model.Row.GiftHash != model.Assessed.Gift);
        await AddDueAsync(connection, given, changed, [.. merge.NewAliases.Keys, .. merge.DroppedAliases, .. merge.Absorbed.Select(pair => pair.From.RepoId)], cancellationToken);
        return Count([.. merge.Taken, .. same.Values], changed);
    }

    /// <summary>Judges rows anew whose facts are as they were, and writes what is another judgement.</summary>
    public async Task<PageResult> JudgeAsync(NpgsqlConnection connection, IReadOnlyList<StoredModel> rows, CancellationToken cancellationToken)
    {
        var judged = await AssessAsync(connection, [.. rows.Select(row => row is { Now: { } now, Facts: { } facts } ? new UnjudgedModel(row, now, facts) : null).OfType<UnjudgedModel>()], cancellationToken);
        var changed = judged.FindAll(model => model.IsNewVerdict || model.Row.GiftHash != model.Assessed.Gift);
        await SaveAsync(connection, new("", [], []), changed, [], cancellationToken);
        await using (var links = new NpgsqlBatch(connection))
        {
            AddLinks(links, judged.FindAll(model => !changed.Contains(model)));
            if (links.BatchCommands.Count > 0) await links.ExecuteNonQueryAsync(cancellationToken);
        }
        await AddDueAsync(connection, changed.FindAll(model => model.Row.GiftHash != model.Assessed.Gift), judged, [], cancellationToken);
        return new(0, changed.Count, judged.Count - changed.Count, 0);
    }

    private static UnjudgedModel? Change(StoredModel row)
    {
        if (row.Now is null) return null;
        if (row is { IsNew: true, Only: { } only } && (only.Model.Id, only.Model.HubId) == (row.RepoId, row.HubId)) return new(row, row.Now, only.Facts) { Early = only.Early };
        var now = row.Now with { Model = row.Now.Model with { Id = row.RepoId, HubId = row.HubId } };
        var facts = row.Write(now);
        if (!row.Holds(now, facts)) return new(row, now, facts);
        var counters = StoredModel.CountersOf(row.Id, now.Model, now.At);
        if (row.Counters is null || !StoredModel.Same(counters, row.Counters)) row.Recount = counters;
        return null;
    }

    private async Task<List<ChangedModel>> AssessAsync(NpgsqlConnection connection, IReadOnlyList<UnjudgedModel> models, CancellationToken cancellationToken)
    {
        if (models is []) return [];
        List<(UnjudgedModel Model, Relative Self)> read = [.. models.Select(model => (model, new Relative(model.Row.RepoId, model.Early?.Own ?? Assessment.Read(model.Now, model.Row.Card?.Text, model.Row.Card?.License)) { Row = model.Row }))];
        var kin = await Kinship.OfAsync(connection, known, [.. read.Select(row => row.Self)], cancellationToken);
        return read.ConvertAll(row => new ChangedModel(row.Model.Row, row.Model.Now, row.Model.Facts, row.Model.Early?.Whole ?? Assessment.Of(row.Self, kin)));
    }

    private static Task AddDueAsync(
        NpgsqlConnection connection, List<ChangedModel> given, List<ChangedModel> judged, IReadOnlyList<string> names, CancellationToken cancellationToken) => DueTable.AddAsync(
            connection, [.. given.Where(model => !model.IsNewRow).Select(model => model.Row.Id)], [.. given.Select(model => model.Row.RepoId), .. names], [.. judged.Select(model => model.Row.Id)], cancellationToken);

    private async Task SaveAsync(NpgsqlConnection connection, PageMerge merge, List<ChangedModel> changed, List<StoredModel> rows, CancellationToken cancellationToken)
    {
        await names.AddAsync(connection, changed.SelectMany(model => CatalogMapper.Terms(model.Now.Model)), cancellationToken);
        await names.AddLicensesAsync(connection, changed.Select(model => TermBook.LicenseOf(model.Assessed.Verdict.License)).OfType<string>(), cancellationToken);

        var absorbed = merge.Absorbed.Where(pair => !pair.From.IsNew).ToList();
        await using var first = new NpgsqlBatch(connection);
        if (absorbed is not []) first.BatchCommands.Add(ModelParts.Unname([.. absorbed.Select(pair => pair.From.Id)]));
        if (merge.DroppedAliases.Count > 0) first.BatchCommands.Add(ModelParts.ForgetAliases(merge.DroppedAliases));
        if (first.BatchCommands.Count > 0) await first.ExecuteNonQueryAsync(cancellationToken);

        await AddAsync(connection, changed.FindAll(model => model.IsNewRow), cancellationToken);
        await WritePartsAsync(connection, merge, changed.FindAll(model => !model.IsNewRow), rows, cancellationToken);
        var judged = changed.FindAll(model => model.IsNewVerdict);
        await NewRows.VerdictsAsync(connection, judged, Verdict, model => model.Assessed.Document, cancellationToken);

        await using var last = new NpgsqlBatch(connection);
        List<int> told = [.. judged.Where(MayBeAChange).Select(model => model.Row.Id)];
        if (told is not []) last.BatchCommands.Add(ModelParts.Changes(told));
        foreach (var (from, into) in absorbed)
            foreach (var step in ModelParts.Absorb(from.Id, into.Id)) last.BatchCommands.Add(step);
        if (last.BatchCommands.Count > 0) await last.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Of most new rows it is plain that they are no new model, so that nothing has to be asked.</summary>
    private bool MayBeAChange(ChangedModel model) => !model.IsNewRow || model.Now.Model.CreatedAt > clock.GetUtcNow().UtcDateTime.AddDays(-VerdictChange.NewForDays - 1);

    private async Task AddAsync(NpgsqlConnection connection, List<ChangedModel> added, CancellationToken cancellationToken)
    {
        var ids = await NewRows.TakeIdsAsync(connection, "model", added.Count, cancellationToken);
        foreach (var model in added) model.Row.Id = ids.Dequeue();
        await ModelTable.InsertAsync(connection, [.. added.Select(Map)], cancellationToken);
        await NewRows.CountersAsync(connection, added.ConvertAll(model => model.Counters), cancellationToken);
        await NewRows.FactsAsync(connection, added.ConvertAll(Facts), cancellationToken);
        await NewRows.BasesAsync(connection, [.. added.SelectMany(Bases)], cancellationToken);
        await NewRows.DatasetsAsync(connection, [.. added.SelectMany(Datasets)], cancellationToken);
    }

    /// <summary>What new rows have besides, and all of rows that were there.</summary>
    private async Task WritePartsAsync(NpgsqlConnection connection, PageMerge merge, List<ChangedModel> changed, List<StoredModel> rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (changed is not [])
        {
            batch.BatchCommands.Add(ModelTable.Update(changed.ConvertAll(Map)));
            batch.BatchCommands.Add(ModelParts.ForgetBases(changed.ConvertAll(model => model.Row.Id)));
            batch.BatchCommands.Add(ModelParts.ForgetDatasets(changed.ConvertAll(model => model.Row.Id)));
        }
        var told = changed.FindAll(model => model.HasNewFacts);
        List<ModelCounters> counters = [.. changed.Where(model => model.HasNewCounters).Select(model => model.Counters), .. rows.Select(row => row.Recount).OfType<ModelCounters>()];
        List<ModelAlias> aliases = [.. merge.NewAliases.Select(alias => new ModelAlias { Alias = alias.Key, ModelId = alias.Value.Row.Id, Reason = alias.Value.Reason, Since = alias.Value.Since })];
        if (counters is not []) batch.BatchCommands.Add(ModelParts.Counters(counters));
        if (told is not []) batch.BatchCommands.Add(ModelParts.Facts(told.ConvertAll(Facts)));
        AddLinks(batch, changed);
        if (aliases is not []) batch.BatchCommands.Add(ModelParts.Aliases(aliases));
        List<(int, StoredCard)> cards = [.. rows.Where(row => row.Card is { IsNews: true }).Select(row => (row.Id, row.Card)).OfType<(int, StoredCard)>()];
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
        Document = "", // goes beside it, in bytes
    };

    private static void AddLinks(NpgsqlBatch batch, List<ChangedModel> models)
    {
        List<ModelBase> bases = [.. models.SelectMany(Bases)];
        List<ModelDataset> datasets = [.. models.SelectMany(Datasets)];
        if (bases is not []) batch.BatchCommands.Add(ModelParts.Bases(bases));
        if (datasets is not []) batch.BatchCommands.Add(ModelParts.Datasets(datasets));
    }

    private static IEnumerable<ModelDataset> Datasets(ChangedModel model) =>
        model.Assessed.DatasetIds.Select(id => id.ToLowerInvariant()).Distinct().Select(key => new ModelDataset { ModelId = model.Row.Id, DatasetKey = key });

    private static ModelFacts Facts(ChangedModel model) => new() { ModelId = model.Row.Id, Json = model.Facts };

    private static IEnumerable<ModelBase> Bases(ChangedModel model) => model.Assessed.Bases.Select(parent => new ModelBase
    {
        ModelId = model.Row.Id,
        BaseRepoId = parent.Named.Quote ?? "",
        BaseKey = DueTable.KeyOf(parent.Named.Quote ?? ""),
        Relation = RelationOf(parent.Named.State),
        BaseModelId = parent.Model?.Id is > 0 and var id ? id : null,
    });

    private static BaseRelation RelationOf(string relation) => relation == BaseRelations.SameData
        ? BaseRelation.SameData
        : Enum.TryParse<BaseRelation>(relation, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : BaseRelation.Unknown;

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

    private sealed record UnjudgedModel(StoredModel Row, Observation Now, byte[] Facts)
    {
        public EarlyJudgement? Early { get; init; }
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
