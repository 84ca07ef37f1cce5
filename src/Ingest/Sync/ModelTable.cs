using ModelAtlas.Domain.Catalog;
using Npgsql;
using NpgsqlTypes;
using static ModelAtlas.Ingest.Sync.SqlArrays;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Writes <c>model</c>: new rows by binary COPY, changed ones by one UPDATE.</summary>
internal static class ModelTable
{
    public static async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<CatalogModel> models, CancellationToken cancellationToken)
    {
        if (models is []) return;
        await using var copy = await connection.BeginBinaryImportAsync(
            """
            COPY model (id, hub_id, repo_id, author_id, task_id, library_id, language_ids, tag_ids, license_id, class, basis, rung, conflict, rule_version, verdict_hash,
                        gating, state, created_at, modified_at, parameters, summary, observed_at, source, observation_hash, gift_hash, spoken_name,
                        weights_level, license_level, code_level, data_level, context_length) FROM STDIN (FORMAT binary)
            """,
            cancellationToken);
        foreach (var model in models)
        {
            await copy.StartRowAsync(cancellationToken);
            copy.Write(model.Id, NpgsqlDbType.Integer);
            copy.Write(model.HubId, NpgsqlDbType.Text);
            copy.Write(model.RepoId, NpgsqlDbType.Text);
            copy.Write(model.AuthorId, NpgsqlDbType.Integer);
            copy.Write(model.TaskId, NpgsqlDbType.Integer);
            copy.Write(model.LibraryId, NpgsqlDbType.Integer);
            copy.Write(model.LanguageIds, NpgsqlDbType.Array | NpgsqlDbType.Integer);
            copy.Write(model.TagIds, NpgsqlDbType.Array | NpgsqlDbType.Integer);
            copy.Write(model.LicenseId, NpgsqlDbType.Integer);
            copy.Write((short?)model.Class, NpgsqlDbType.Smallint);
            copy.Write((short)model.Basis, NpgsqlDbType.Smallint);
            copy.Write((short?)model.Rung, NpgsqlDbType.Smallint);
            copy.Write(model.Conflict, NpgsqlDbType.Boolean);
            copy.Write(model.RuleVersion, NpgsqlDbType.Text);
            copy.Write(model.VerdictHash, NpgsqlDbType.Bigint);
            copy.Write((short)model.Gating, NpgsqlDbType.Smallint);
            copy.Write((short)model.State, NpgsqlDbType.Smallint);
            copy.Write(model.CreatedAt, NpgsqlDbType.TimestampTz);
            copy.Write(model.ModifiedAt, NpgsqlDbType.TimestampTz);
            copy.Write(model.Parameters, NpgsqlDbType.Bigint);
            copy.Write(model.Summary, NpgsqlDbType.Text);
            copy.Write(model.ObservedAt, NpgsqlDbType.TimestampTz);
            copy.Write(model.Source, NpgsqlDbType.Text);
            copy.Write(model.ObservationHash, NpgsqlDbType.Bigint);
            copy.Write(model.GiftHash, NpgsqlDbType.Bigint);
            copy.Write(model.SpokenName, NpgsqlDbType.Text);
            copy.Write((short)model.WeightsLevel, NpgsqlDbType.Smallint);
            copy.Write((short)model.LicenseLevel, NpgsqlDbType.Smallint);
            copy.Write((short)model.CodeLevel, NpgsqlDbType.Smallint);
            copy.Write((short)model.DataLevel, NpgsqlDbType.Smallint);
            copy.Write(model.ContextLength, NpgsqlDbType.Integer);
        }
        await copy.CompleteAsync(cancellationToken);
    }

    public static NpgsqlBatchCommand Update(IReadOnlyList<CatalogModel> models) => Command(
        """
        UPDATE model SET hub_id = row.hub_id, repo_id = row.repo_id, author_id = row.author_id, task_id = row.task_id, library_id = row.library_id,
            language_ids = row.language_ids::int[], tag_ids = row.tag_ids::int[], license_id = row.license_id, class = row.class, basis = row.basis, rung = row.rung,
            conflict = row.conflict, rule_version = row.rule_version, verdict_hash = row.verdict_hash, gating = row.gating, state = row.state,
            created_at = row.created_at, modified_at = row.modified_at, parameters = row.parameters, observed_at = row.observed_at, source = row.source,
            observation_hash = row.observation_hash, gift_hash = row.gift_hash, spoken_name = row.spoken_name,
            weights_level = row.weights_level, license_level = row.license_level, code_level = row.code_level, data_level = row.data_level,
            context_length = row.context_length, rev = nextval('model_rev')
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)
            AS row(id, hub_id, repo_id, author_id, task_id, library_id, language_ids, tag_ids, license_id, class, basis, rung, conflict, rule_version, verdict_hash,
                   gating, state, created_at, modified_at, parameters, observed_at, source, observation_hash, gift_hash, spoken_name,
                   weights_level, license_level, code_level, data_level, context_length)
        WHERE model.id = row.id
        """,
        Column(models, NpgsqlDbType.Integer, model => model.Id),
        Column(models, NpgsqlDbType.Text, model => model.HubId),
        Column(models, NpgsqlDbType.Text, model => model.RepoId),
        Column(models, NpgsqlDbType.Integer, model => model.AuthorId),
        Column(models, NpgsqlDbType.Integer, model => model.TaskId),
        Column(models, NpgsqlDbType.Integer, model => model.LibraryId),
        Column(models, NpgsqlDbType.Text, model => Cell(model.LanguageIds)),
        Column(models, NpgsqlDbType.Text, model => Cell(model.TagIds)),
        Column(models, NpgsqlDbType.Integer, model => model.LicenseId),
        Column(models, NpgsqlDbType.Smallint, model => (short?)model.Class),
        Column(models, NpgsqlDbType.Smallint, model => (short)model.Basis),
        Column(models, NpgsqlDbType.Smallint, model => (short?)model.Rung),
        Column(models, NpgsqlDbType.Boolean, model => model.Conflict),
        Column(models, NpgsqlDbType.Text, model => model.RuleVersion),
        Column(models, NpgsqlDbType.Bigint, model => model.VerdictHash),
        Column(models, NpgsqlDbType.Smallint, model => (short)model.Gating),
        Column(models, NpgsqlDbType.Smallint, model => (short)model.State),
        Column(models, NpgsqlDbType.TimestampTz, model => model.CreatedAt),
        Column(models, NpgsqlDbType.TimestampTz, model => model.ModifiedAt),
        Column(models, NpgsqlDbType.Bigint, model => model.Parameters),
        Column(models, NpgsqlDbType.TimestampTz, model => model.ObservedAt),
        Column(models, NpgsqlDbType.Text, model => model.Source),
        Column(models, NpgsqlDbType.Bigint, model => model.ObservationHash),
        Column(models, NpgsqlDbType.Bigint, model => model.GiftHash),
        Column(models, NpgsqlDbType.Text, model => model.SpokenName),
        Column(models, NpgsqlDbType.Smallint, model => (short)model.WeightsLevel),
        Column(models, NpgsqlDbType.Smallint, model => (short)model.LicenseLevel),
        Column(models, NpgsqlDbType.Smallint, model => (short)model.CodeLevel),
        Column(models, NpgsqlDbType.Smallint, model => (short)model.DataLevel),
        Column(models, NpgsqlDbType.Integer, model => model.ContextLength));
}
