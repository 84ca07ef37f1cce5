using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ModelAtlas.Web.Hosting;

/// <summary>
/// The login of a process that is a site and runs no jobs. It reads the catalogue and writes what people bring: accounts, reviews, runs, wishes, jobs to be done. It can change no schema, no row
/// that the ingest wrote and no line of the audit, and sees no secret of the server. So whoever finds a way through the site to the database gets no further.
/// </summary>
internal static class SiteLogin
{
    private const int LongestName = 63; // of PostgreSQL

    private const long TurnKey = 0x41746c6173536974; // "AtlasSit"

    /// <summary>Makes the role, where the owner may, and gives it its rights anew: a migration may have brought tables. False when there is no such role.</summary>
    public static async Task<bool> GrantAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var site = new NpgsqlConnectionStringBuilder(Of(connectionString));
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({TurnKey})", cancellationToken);
        if (!await AskAsync(connection, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user", null, cancellationToken)) return false;
        var role = new NpgsqlCommandBuilder().QuoteIdentifier(site.Username ?? "");
        if (!await AskAsync(connection, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", site.Username, cancellationToken)) await ExecuteAsync(connection, $"CREATE ROLE {role} NOINHERIT", cancellationToken);
        await ExecuteAsync(connection, $"ALTER ROLE {role} LOGIN PASSWORD {(string.IsNullOrEmpty(site.Password) ? "NULL" : $"'{site.Password}'")}", cancellationToken);
        await ExecuteAsync(connection, Rights.Replace("{role}", role, StringComparison.Ordinal), cancellationToken);
        if (await AskAsync(connection, "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", Jobs.HangfireStorage.Schema, cancellationToken))
            await ExecuteAsync(connection, JobRights.Replace("{role}", role, StringComparison.Ordinal), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The same database by this login. Its name follows from that of the database and its password from the owner's, so that every process knows both and nobody has to set them.</summary>
    public static string Of(string connectionString)
    {
        var login = new NpgsqlConnectionStringBuilder(connectionString);
        var database = login.Database ?? login.Username ?? "";
        login.Username = $"{database[..Math.Min(database.Length, LongestName - 5)]}_site";
        if (!string.IsNullOrEmpty(login.Password)) login.Password = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(login.Password), Encoding.UTF8.GetBytes(login.Username)));
        return login.ConnectionString;
    }

    /// <summary>Whether the server lets it in: rules of its own may know the owner alone.</summary>
    public static async Task<bool> WorksAsync(string login, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(login) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    /// <summary>An admin may put a licence of the desk on a model that no model has had yet, which gives it its row.</summary>
    private const string Rights =
        """
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
        GRANT USAGE ON SCHEMA public, accounts, review TO {role};
        GRANT SELECT ON ALL TABLES IN SCHEMA public, accounts, review TO {role};
        GRANT INSERT, UPDATE, DELETE ON accepted_terms, published_run, shelf_job TO {role};
        GRANT INSERT, UPDATE ON license TO {role};
        GRANT INSERT, UPDATE, DELETE ON accounts.account, accounts.session, accounts.setup_token, accounts.api_key, accounts.data_protection_key TO {role};
        GRANT INSERT, UPDATE ON review.dispute, review.override TO {role};
        GRANT INSERT, UPDATE, DELETE ON review.webhook, review.webhook_delivery TO {role};
        GRANT INSERT ON review.audit TO {role};
        GRANT SELECT ON SEQUENCE model_rev TO {role};
        GRANT USAGE ON SEQUENCE license_id_seq TO {role};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA accounts, review TO {role}
        """;

    private const string JobRights =
        """
        GRANT USAGE ON SCHEMA hangfire TO {role};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA hangfire TO {role};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA hangfire TO {role}
        """;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string sql, string? about, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (about is not null) command.Parameters.Add(new() { Value = about });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
