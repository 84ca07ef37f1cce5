using ModelAtlas.Testing;
using ModelAtlas.Web.Hosting;
using Npgsql;

namespace ModelAtlas.Web.Tests.Hosting;

public sealed class SiteLoginTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DAT_13_A_site_changes_no_schema_no_row_of_the_ingest_and_no_audit_and_reads_no_secret_of_the_server()
    {
        var owner = await postgres.CreateDatabaseAsync();
        await AtlasMigrator.MigrateAsync(owner, Token);
        await using var site = NpgsqlDataSource.Create(SiteLogin.Of(owner));
        var role = new NpgsqlConnectionStringBuilder(owner).Username;

        foreach (var attempt in new[]
        {
            "CREATE TABLE mine (id int)", "CREATE SCHEMA mine", "CREATE VIEW mine AS SELECT 1", "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE TABLE hangfire.mine (id int)",
            "ALTER TABLE model ADD mine int", "DROP TABLE model", "DROP TABLE accounts.session", "TRUNCATE verdict", "CREATE INDEX ON model (repo_id)",
            "INSERT INTO term (kind, name) VALUES (0, 'me')", "UPDATE model SET class = 1", "DELETE FROM verdict", "UPDATE model_counters SET downloads = 1", "UPDATE model_facts SET json = ''", "DELETE FROM model_alias",
            "UPDATE crawl_cursor SET cursor = NULL", "DELETE FROM quarantine", "UPDATE dataset SET licenses = '{}'", "DELETE FROM license", "UPDATE model_card SET text = ''", "INSERT INTO model_due (model_id) VALUES (1)",
            "UPDATE code_repository SET license_text = 'MIT'", "SELECT nextval('model_rev')", "INSERT INTO \"__EFMigrationsHistory\" VALUES ('x', '1')", "DELETE FROM accounts.\"__EFMigrationsHistory\"",
            "UPDATE review.audit SET who = 'nobody'", "DELETE FROM review.audit", "TRUNCATE review.audit", "DELETE FROM review.override",
            "SELECT rolpassword FROM pg_authid", "SELECT passwd FROM pg_shadow", "SELECT pg_read_file('/etc/hostname')", "COPY term TO '/tmp/mine'", "COPY accepted_terms FROM PROGRAM 'id'", "SELECT lo_import('/etc/hostname')",
            "ALTER SYSTEM SET jit = on", $"SET ROLE \"{role}\"", $"SET SESSION AUTHORIZATION \"{role}\"", "CREATE ROLE mine", "CREATE DATABASE mine", "ALTER ROLE CURRENT_USER SUPERUSER",
        })
        {
            await using var command = site.CreateCommand(attempt);
            try
            {
                await command.ExecuteNonQueryAsync(Token);
                Assert.Fail($"It may: {attempt}");
            }
            catch (PostgresException refused)
            {
                Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{attempt}: {refused.MessageText}"); // and not for a mistake in the attempt
            }
        }
        await using var rank = site.CreateCommand("SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = current_user");
        Assert.Equal(false, await rank.ExecuteScalarAsync(Token));
    }

    [Fact]
    public async Task DAT_13_A_site_may_do_what_people_come_for()
    {
        var owner = await postgres.CreateDatabaseAsync();
        await AtlasMigrator.MigrateAsync(owner, Token);
        await using var site = NpgsqlDataSource.Create(SiteLogin.Of(owner));
        foreach (var deed in new[]
        {
            "SELECT * FROM model JOIN model_counters ON model_id = id", "SELECT * FROM crawl_cursor", "SELECT last_value FROM model_rev", "INSERT INTO accepted_terms (person, license, text_sha256, at) VALUES ('ada', 'llama3', '', now())",
            "INSERT INTO review.audit (at, who, what, subject) VALUES (now(), 'ada', 'saw', 'it')", "INSERT INTO accounts.data_protection_key (xml) VALUES ('<key/>')", "DELETE FROM accounts.session",
            "INSERT INTO license (key, name, license_class, known) VALUES ('mit', 'MIT', 'open', true)", "INSERT INTO hangfire.job (invocationdata, arguments, createdat) VALUES ('{}', '[]', now())",
        })
        {
            await using var command = site.CreateCommand(deed);
            await command.ExecuteNonQueryAsync(Token);
        }
    }

    [Fact]
    public void The_password_of_a_site_says_nothing_of_the_owners()
    {
        const string owners = "known to nobody";
        var login = new NpgsqlConnectionStringBuilder(SiteLogin.Of(new NpgsqlConnectionStringBuilder { Host = "db", Database = "atlas", Username = "atlas", Password = owners }.ConnectionString));
        Assert.Equal(("atlas_site", 64), (login.Username, login.Password?.Length));
        Assert.DoesNotContain(owners, login.Password, StringComparison.Ordinal);
        Assert.True(string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(SiteLogin.Of("Host=/run/postgresql;Database=atlas;Username=atlas")).Password)); // let in by the socket, as the owner is
    }

    [Fact]
    public async Task Without_the_right_to_make_roles_the_database_is_migrated_all_the_same()
    {
        var maker = await postgres.CreateBareDatabaseAsync();
        var database = new NpgsqlConnectionStringBuilder(maker).Database;
        await using (var admin = NpgsqlDataSource.Create(maker + ";Pooling=false"))
        await using (var make = admin.CreateCommand($"CREATE ROLE {database}_modest LOGIN; GRANT CREATE ON DATABASE {database} TO {database}_modest; GRANT CREATE ON SCHEMA public TO {database}_modest"))
            await make.ExecuteNonQueryAsync(Token);
        var modest = new NpgsqlConnectionStringBuilder(maker) { Username = $"{database}_modest" }.ConnectionString;

        await AtlasMigrator.MigrateAsync(modest, Token);

        Assert.False(await SiteLogin.GrantAsync(modest, Token));
        Assert.False(await SiteLogin.WorksAsync(SiteLogin.Of(modest), Token));
    }
}
