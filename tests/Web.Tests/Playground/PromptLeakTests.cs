using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using Npgsql;

namespace ModelAtlas.Web.Tests.Playground;

public sealed class PromptLeakTests(ShelfFixture shelf) : IClassFixture<ShelfFixture>
{
    private const string Canary = "canary7e2b";

    [Fact]
    public async Task PLAY_05_A_prompt_is_in_no_log_of_any_level_and_in_no_table()
    {
        Assert.SkipWhen(shelf.Site is null, SharedData.SkipMessage("models/stories260K"));
        await using var site = await shelf.StartAsync("--Logging:LogLevel:Default=Trace", "--Logging:Console:LogLevel:Default=None", "--Logging:LogLevel:Microsoft=Trace");
        using var log = new LogRecorder();
        site.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var order = $$"""{"model":"acme/stories","prompt":"{{Canary}} once","max_tokens":3,"temperature":0}""";
        var refused = $$"""{"model":"acme/stories","prompt":"{{Canary}} {{string.Concat(Enumerable.Repeat("once ", 2_000))}}","max_tokens":3}"""; // longer than the model takes
        foreach (var body in new[] { order, refused, order.Replace("\"temperature\":0", "\"temperature\":7", StringComparison.Ordinal), order + Canary })
        {
            using var answer = await PostAsync(site, "/v1/completions", body);
            _ = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
        foreach (var body in new[] { order, refused })
        {
            using var begun = await PostAsync(site, "/playground/runs", body);
            var id = (string?)JsonNode.Parse(await begun.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))?["id"];
            using var listen = new HttpRequestMessage(HttpMethod.Get, $"/playground/runs/{id}");
            listen.Headers.Add("Cookie", begun.Headers.GetValues("Set-Cookie").First().Split(';')[0]);
            using var heard = await site.Client.SendAsync(listen, TestContext.Current.CancellationToken);
            Assert.Contains("\"is\":", await heard.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        Assert.Contains(log.Lines, line => line.Contains("/playground/runs", StringComparison.Ordinal)); // it does record
        Assert.DoesNotContain(log.Lines, line => line.Contains(Canary, StringComparison.OrdinalIgnoreCase));
        var (looked, found) = await TablesAsync(site);
        Assert.True(looked > 20, $"{looked} tables");
        Assert.Empty(found);
    }

    private static async Task<(int Looked, List<string> Found)> TablesAsync(RunningSite site)
    {
        await using var source = NpgsqlDataSource.Create(site.ConnectionString);
        List<string> tables = [];
        await using (var command = source.CreateCommand("SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"))
        await using (var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken))
            while (await rows.ReadAsync(TestContext.Current.CancellationToken)) tables.Add(rows.GetString(0));
        List<string> found = [];
        foreach (var table in tables)
        {
            await using var command = source.CreateCommand($"SELECT count(*) FROM {table} t WHERE t::text ILIKE '%{Canary}%'");
            if (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is > 0L) found.Add(table);
        }
        return (tables.Count, found);
    }

    private static Task<HttpResponseMessage> PostAsync(RunningSite site, string path, string body) =>
        site.Client.PostAsync(path, new StringContent(body, new MediaTypeHeaderValue("application/json")), TestContext.Current.CancellationToken);
}
