using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelAtlas.Testing;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Accounts.Data;
using Npgsql;

namespace ModelAtlas.Web.Tests.Accounts.Http;

public sealed class SecretLeakTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NET_07_WEB_15_no_secret_is_in_a_trace_level_log_a_table_or_a_page_of_another()
    {
        await using var site = await AccountSite.StartEmptyAsync(postgres, "--Logging:LogLevel:Default=Trace", "--Logging:Console:LogLevel:Default=None", "--Logging:LogLevel:Microsoft=Trace");
        using var log = new Recorder();
        site.Site.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        const string adminPassword = "canary-4f1c of the admin";
        const string playerPassword = "canary-9b2e of the player";
        const string wrongPassword = "canary-77aa typed in vain";
        var setup = await site.Site.Services.GetRequiredService<SetupToken>().EnsureAsync(Stop) ?? "";
        List<(string Name, string Value)> setUp = [("Entry.Token", setup), ("Entry.Name", "root"), ("Entry.Password", adminPassword), ("Entry.Repeat", adminPassword)];

        var root = site.Visit();
        await root.SubmitAsync("/setup", "setup", [.. setUp[..3], ("Entry.Repeat", wrongPassword)]);
        await root.SubmitAsync("/setup", "setup", setUp);
        var refused = await root.TrySignInAsync("root", wrongPassword);
        await root.SignedInAsync("root", adminPassword);
        await root.SubmitAsync("/admin/accounts", "create", [("Entry.Name", "pia"), ("Entry.Role", "player"), ("Entry.Password", playerPassword), ("Entry.Repeat", playerPassword)]);
        var pia = await site.Visit().SignedInAsync("pia", playerPassword);
        await pia.SubmitAsync("/account", "password", [("Entry.Current", wrongPassword), ("Entry.Password", wrongPassword), ("Entry.Repeat", wrongPassword)]);
        List<string> pages = [refused.Body];
        foreach (var path in new[] { "/", "/models", "/account", "/admin", "/admin/accounts", "/admin/quarantine", "/sign-in", "/setup", "/health/ready", "/no-such-page" })
            pages.AddRange([(await pia.GetAsync(path)).Body, (await root.GetAsync(path)).Body]);

        var connection = new NpgsqlConnectionStringBuilder(site.Site.ConnectionString);
        List<string> secrets =
        [
            adminPassword, playerPassword, wrongPassword, setup, setup.Replace("-", "", StringComparison.Ordinal), .. SessionTokens(site, root, pia),
            .. new[] { connection.Password }.OfType<string>().Where(password => password.Length > 0),
        ];
        var tables = await TablesAsync(site, "account", "session", "setup_token");
        var logged = string.Join('\n', log.Lines);
        Assert.Contains("/account", logged, StringComparison.Ordinal);
        foreach (var secret in secrets)
        {
            Assert.False(logged.Contains(secret, StringComparison.OrdinalIgnoreCase), $"logged: {log.Lines.FirstOrDefault(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase))}");
            Assert.DoesNotContain(secret, tables, StringComparison.OrdinalIgnoreCase);
            Assert.All(pages, page => Assert.DoesNotContain(secret, page, StringComparison.OrdinalIgnoreCase));
        }
        foreach (var inside in await HashesAsync(site))
            Assert.All(pages, page => Assert.DoesNotContain(inside, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WEB_15_a_page_names_nobody_but_its_reader()
    {
        await using var site = await AccountSite.StartAsync(postgres);
        var pia = await site.VisitAsAsync("pia");
        var root = await site.VisitAsAsync("root");
        foreach (var path in new[] { "/", "/models", "/account", "/types", "/licenses", "/no-such-page" })
        {
            Assert.DoesNotContain(">root<", (await pia.GetAsync(path)).Body, StringComparison.Ordinal);
            Assert.DoesNotContain(">pia<", (await root.GetAsync(path)).Body, StringComparison.Ordinal);
            var nobody = await site.Visit().GetAsync(path);
            Assert.DoesNotContain(">root<", nobody.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(">pia<", nobody.Body, StringComparison.Ordinal);
        }
    }

    /// <summary>The tokens that the cookies point to sessions with, as Data Protection gives them back.</summary>
    private static IEnumerable<string> SessionTokens(AccountSite site, params Visitor[] visitors)
    {
        var options = site.Site.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme);
        var tokens = visitors.Select(visitor => options.TicketDataFormat.Unprotect(visitor.Cookies["atlas"])?.Principal.FindFirst("session")?.Value ?? "").ToList();
        Assert.All(tokens, token => Assert.Equal(64, token.Length));
        return [.. tokens, .. visitors.Select(visitor => visitor.Cookies["atlas"])];
    }

    private static async Task<IReadOnlyList<string>> HashesAsync(AccountSite site)
    {
        await using var db = await site.Site.Services.GetRequiredService<IDbContextFactory<AccountsDbContext>>().CreateDbContextAsync(Stop);
        return [.. await db.Accounts.Select(row => row.PasswordHash).ToListAsync(Stop), .. (await db.Accounts.Select(row => row.Stamp).ToListAsync(Stop)).Select(stamp => stamp.ToString())];
    }

    private static async Task<string> TablesAsync(AccountSite site, params string[] tables)
    {
        await using var source = NpgsqlDataSource.Create(site.Site.ConnectionString);
        var copy = "";
        foreach (var table in tables)
        {
            await using var command = source.CreateCommand($"SELECT coalesce(json_agg(t)::text, '') FROM accounts.{table} t");
            copy += await command.ExecuteScalarAsync(Stop);
        }
        return copy;
    }

    private sealed class Recorder : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            _lines.Enqueue($"scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
            if (state is IEnumerable<KeyValuePair<string, object?>> fields) _lines.Enqueue(string.Join(' ', fields.Select(field => field.Value)));
        }

        public void Dispose()
        {
        }
    }
}
