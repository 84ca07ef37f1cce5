using ModelAtlas.Domain.Catalog;
using Npgsql;
using NpgsqlTypes;
using static ModelAtlas.Ingest.Sync.SqlArrays;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Writes the tables around <c>model</c>: counters, facts, bases, aliases, verdicts.</summary>
internal static class ModelParts
{
    public static NpgsqlBatchCommand Counters(IReadOnlyList<ModelCounters> counters) => Command(
        """
        INSERT INTO model_counters (model_id, downloads, likes, trending, seen_on) SELECT * FROM unnest($1, $2, $3, $4, $5)
        ON CONFLICT (model_id) DO UPDATE SET downloads = excluded.downloads, likes = excluded.likes, trending = excluded.trending, seen_on = excluded.seen_on
        """,
        Column(counters, NpgsqlDbType.Integer, row => row.ModelId),
        Column(counters, NpgsqlDbType.Bigint, row => row.Downloads),
        Column(counters, NpgsqlDbType.Integer, row => row.Likes),
        Column(counters, NpgsqlDbType.Integer, row => row.Trending),
        Column(counters, NpgsqlDbType.Date, row => row.SeenOn));

    public static NpgsqlBatchCommand Facts(IReadOnlyList<ModelFacts> facts) => Command(
        "INSERT INTO model_facts (model_id, json) SELECT * FROM unnest($1, $2) ON CONFLICT (model_id) DO UPDATE SET json = excluded.json",
        Column(facts, NpgsqlDbType.Integer, row => row.ModelId),
        Column(facts, NpgsqlDbType.Bytea, row => row.Json));

    public static NpgsqlBatchCommand ForgetBases(IReadOnlyList<int> ids) =>
        Command("DELETE FROM model_base WHERE model_id = ANY($1)", Column(ids, NpgsqlDbType.Integer, id => id));

    public static NpgsqlBatchCommand ForgetDatasets(IReadOnlyList<int> ids) =>
        Command("DELETE FROM model_dataset WHERE model_id = ANY($1)", Column(ids, NpgsqlDbType.Integer, id => id));

    public static NpgsqlBatchCommand Bases(IReadOnlyList<ModelBase> bases) => Command(
        """
        INSERT INTO model_base (model_id, base_repo_id, relation, base_model_id, base_key) SELECT * FROM unnest($1, $2, $3, $4, $5)
        ON CONFLICT (model_id, base_repo_id) DO UPDATE SET relation = excluded.relation, base_model_id = excluded.base_model_id
        WHERE (model_base.relation, model_base.base_model_id) IS DISTINCT FROM (excluded.relation, excluded.base_model_id)
        """,
        Column(bases, NpgsqlDbType.Integer, row => row.ModelId),
        Column(bases, NpgsqlDbType.Text, row => row.BaseRepoId),
        Column(bases, NpgsqlDbType.Smallint, row => (short)row.Relation),
        Column(bases, NpgsqlDbType.Integer, row => row.BaseModelId),
        Column(bases, NpgsqlDbType.Text, row => row.BaseKey));

    public static NpgsqlBatchCommand Datasets(IReadOnlyList<ModelDataset> named) => Command(
        "INSERT INTO model_dataset (model_id, dataset_key) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING",
        Column(named, NpgsqlDbType.Integer, row => row.ModelId),
        Column(named, NpgsqlDbType.Text, row => row.DatasetKey));

    public static NpgsqlBatchCommand ForgetAliases(IReadOnlyCollection<string> aliases) =>
        Command("DELETE FROM model_alias WHERE alias = ANY($1)", Column(aliases, NpgsqlDbType.Text, alias => alias));

    public static NpgsqlBatchCommand Aliases(IReadOnlyList<ModelAlias> aliases) => Command(
        """
        INSERT INTO model_alias (alias, model_id, reason, since) SELECT * FROM unnest($1, $2, $3, $4)
        ON CONFLICT (alias) DO UPDATE SET model_id = excluded.model_id, reason = excluded.reason, since = excluded.since
        """,
        Column(aliases, NpgsqlDbType.Text, row => row.Alias),
        Column(aliases, NpgsqlDbType.Integer, row => row.ModelId),
        Column(aliases, NpgsqlDbType.Smallint, row => (short)row.Reason),
        Column(aliases, NpgsqlDbType.TimestampTz, row => row.Since));

    /// <summary>Keeps apart which verdicts of these models say something else than the one before.</summary>
    public static NpgsqlBatchCommand Changes(IReadOnlyList<int> modelIds) => Command(
        """
        INSERT INTO verdict_change (verdict_id, model_id, before_id, parts) SELECT verdict_id, model_id, before_id, parts FROM verdict_step
        WHERE model_id = ANY($1) AND parts <> 0 ON CONFLICT (verdict_id) DO NOTHING
        """,
        Column(modelIds, NpgsqlDbType.Integer, id => id));

    /// <summary>Takes name and identity from rows that turned out to be others, so that these may have them.</summary>
    public static NpgsqlBatchCommand Unname(IReadOnlyList<int> ids) =>
        Command("UPDATE model SET repo_id = '_/absorbed-' || id, hub_id = NULL WHERE id = ANY($1)", Column(ids, NpgsqlDbType.Integer, id => id));

    /// <summary>Moves the history of such rows to the ones they are, and removes them.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Absorb(int from, int into)
    {
        NpgsqlParameter[] pair() => [new() { Value = from }, new() { Value = into }];
        yield return Command("DELETE FROM verdict_change WHERE model_id IN ($1, $2)", pair());
        yield return Command("UPDATE verdict SET model_id = $2 WHERE model_id = $1", pair());
        yield return Changes([into]);
        yield return Command("UPDATE model_alias SET model_id = $2 WHERE model_id = $1", pair());
        yield return Command("UPDATE model_base SET base_model_id = $2 WHERE base_model_id = $1", pair());
        yield return Command("UPDATE model_card SET model_id = $2 WHERE model_id = $1 AND NOT EXISTS (SELECT FROM model_card WHERE model_id = $2)", pair());
        yield return Command("DELETE FROM model WHERE id = $1", new NpgsqlParameter { Value = from });
    }
}
