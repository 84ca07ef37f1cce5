using ModelAtlas.Domain.Catalog;
using Npgsql;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Marks a model whose repository is not listed any more. All that is known of it stays.</summary>
internal sealed class RepoStateWriter(NpgsqlDataSource database)
{
    /// <summary>The hash goes, so that the next sighting counts as news and lists the model again.</summary>
    private const string Mark = """
        UPDATE model SET state = @state, observed_at = @at, observation_hash = 0, rev = nextval('model_rev')
        WHERE id = @id AND state <> @state AND observed_at <= @at
        """;

    public async Task<bool> MarkAsync(int modelId, RepoState state, DateTime at, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Mark);
        command.Parameters.AddWithValue("id", modelId);
        command.Parameters.AddWithValue("state", (short)state);
        command.Parameters.AddWithValue("at", at);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
