using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Licenses;
using Npgsql;

namespace ModelAtlas.Web.Tests.Site;

public sealed class StatusTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_in_words_how_each_part_is_and_nothing_of_the_machine()
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, SampleCatalog.Models);
        await using (var source = NpgsqlDataSource.Create(database))
        await using (var command = source.CreateCommand(
            """
            INSERT INTO crawl_cursor (source, state, started_at, heartbeat_at, finished_at, pages, read, stored, unchanged, quarantined, error) VALUES
                ('hub/models/recent', 2, now() - interval '3 hours', now() - interval '3 hours', now() - interval '3 hours', 1, 1, 1, 0, 0, NULL),
                ('hub/models/full', 4, now() - interval '40 days', now() - interval '5 days', now() - interval '40 days', 1, 1, 1, 0, 0, '/srv/secret/path'),
                ('file:/home/me/models.jsonl:77', 2, now(), now(), now(), 1, 1, 1, 0, 0, NULL)
            """)) await command.ExecuteNonQueryAsync(Token);
        await using var site = await RunningSite.StartAsync(database);
        var page = Plain.Text(await site.Client.GetStringAsync("/status", Token));
        foreach (var words in new[]
        {
            "Something is not as it should be.", "Database well It answers.", "Changes of models well Read to its end 3 hours ago.",
            "All models not well Read to its end 40 days ago; it failed 5 days ago and is tried again.", "are in memory, those that are gone included; nothing is missing.", "The newest observation is ",
            "Device for models well Models run on the CPU: ", "can be asked. None is in memory: the first prompt loads the one it asks.", "Nothing is being answered; nobody waits.",
        }) Assert.Contains(words, page, StringComparison.Ordinal);
        foreach (var secret in new[] { "secret", "/home", "jsonl", Environment.OSVersion.VersionString, Environment.MachineName, AppContext.BaseDirectory }) Assert.DoesNotContain(secret, page, StringComparison.Ordinal);
        Assert.Contains("href=\"/status\"", await site.Client.GetStringAsync("/licenses", Token), StringComparison.Ordinal);
    }
}
