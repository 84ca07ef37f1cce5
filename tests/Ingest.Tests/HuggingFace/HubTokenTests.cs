using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.HuggingFace.Gateway;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.HuggingFace;

public sealed class HubTokenTests : IDisposable
{
    private const string Canary = "hf_" + "CANARYabcdefghijklmnopqrstuvwxyz";
    private readonly string _file = Path.GetTempFileName();

    public HubTokenTests() => Write(Canary);

    public void Dispose() => File.Delete(_file);

    private void Write(string text)
    {
        File.WriteAllText(_file, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task NET_06_The_token_goes_to_the_configured_origin_and_nowhere_else()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var cdn = await FakeHub.StartAsync();
        hub.Token = Canary;
        hub.Fill(3);
        await using var services = HubSetup.For(hub, change: options => options.TokenFile = _file);
        hub.Fail(FakeFaults.Redirect($"{cdn.Endpoint}/api/models/x/y"), when: request => request.Path == "/api/models/a/cdn");
        hub.Fail(FakeFaults.Redirect($"{hub.Endpoint.Replace("http:", "https:", StringComparison.Ordinal)}/api/models/x/y"), when: request => request.Path == "/api/models/a/scheme");
        hub.Fail(FakeFaults.Link($"<{cdn.Endpoint}/api/models?cursor=1>; rel=\"next\""), when: request => request.Path == "/api/models");
        Assert.Equal(HubOutcome.Unusable, (await services.GetAsync("a/cdn")).Outcome);
        Assert.Equal(HubOutcome.Unusable, (await services.GetAsync("a/scheme")).Outcome);
        hub.Fail(FakeFaults.Redirect($"{cdn.Endpoint}/a/card"), when: request => request.Path.Value!.Contains("/raw/", StringComparison.Ordinal));
        Assert.Equal(HubOutcome.Unusable, (await services.CardAsync("a/card")).Outcome);
        Assert.Null((await services.ListAsync()).Value!.Next);
        Assert.Empty(cdn.Log);
        Assert.All(hub.Log, request => Assert.Equal($"Bearer {Canary}", request.Authorization));
    }

    [Fact]
    public async Task NET_06_The_token_is_kept_on_a_rename_within_the_origin()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Token = Canary;
        hub.Fill(1);
        var old = hub.Models.All[0].Id;
        hub.Models.Rename(old, "new/name");
        await using var services = HubSetup.For(hub, change: options => options.TokenFile = _file);
        Assert.Equal("new/name", (await services.GetAsync(old)).MovedTo);
        Assert.Equal([$"Bearer {Canary}", $"Bearer {Canary}"], hub.Log.Select(request => request.Authorization));
    }

    [Fact]
    public async Task NET_07_The_token_is_in_no_log_line_and_no_answer_whatever_happens()
    {
        using var log = new LogRecorder();
        await using var hub = await FakeHub.StartAsync();
        hub.Fill(5);
        hub.Token = Canary;
        await using var services = HubSetup.For(hub, log: log, change: options =>
        {
            options.TokenFile = _file;
            options.Retries = 1;
            options.Deadline = TimeSpan.FromSeconds(1);
        });
        var details = new List<string?>();
        FakeFault[] faults =
        [
            FakeFaults.Status(401), FakeFaults.Status(403), FakeFaults.Status(500), FakeFaults.Reset, FakeFaults.CutLength, FakeFaults.Silence, FakeFaults.Body("<html>", "text/html"),
            FakeFaults.Redirect("http://127.0.0.1:1/"), FakeFaults.Link("<http://127.0.0.1:1/>; rel=\"next\""), FakeFaults.Answer(FakeAnswer.Error(403, $"Token {Canary} is not allowed")),
        ];
        foreach (var fault in faults)
        {
            hub.Fail(fault, times: 2);
            details.Add((await services.ListAsync()).Detail);
            hub.Heal();
        }
        await services.DisposeAsync();
        await using var wrong = HubSetup.For("http://127.0.0.1:1", log: log, change: options =>
        {
            options.TokenFile = _file;
            options.Retries = 0;
        });
        details.Add((await wrong.ListAsync()).Detail);
        Assert.Contains(hub.Log, request => request.Authorization == $"Bearer {Canary}");
        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines.Concat(details), line => line?.Contains("CANARY", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void NET_07_A_secret_shows_itself_only_when_asked()
    {
        var secret = new Secret(Canary);
        Assert.Equal("*** ***", $"{secret} {string.Create(null, $"{secret}")}");
        Assert.DoesNotContain("CANARY", JsonSerializer.Serialize(secret), StringComparison.Ordinal);
        Assert.DoesNotContain("CANARY", JsonSerializer.Serialize(new { secret }), StringComparison.Ordinal);
        Assert.Equal(Canary, secret.Reveal());
    }

    [Fact]
    public async Task NET_08_The_user_agent_names_program_version_and_contact_and_nothing_else_goes_out()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fill(1);
        await using var services = HubSetup.For(hub, change: options => options.Contact = "mailto:someone@example.org");
        await services.ListAsync();
        var request = Assert.Single(hub.Log);
        Assert.Matches(@"^ModelAtlas/\d+\.\d+\.\d+\S* \(\+mailto:someone@example\.org\)$", request.UserAgent);
        Assert.Null(request.Authorization);
        Assert.Equal(["Accept-Encoding", "Host", "User-Agent"], request.Headers.Keys.Order());
    }

    [Fact]
    public async Task NET_09_A_new_token_in_the_file_is_used_without_a_restart()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fill(1);
        hub.Token = Canary;
        await using var services = HubSetup.For(hub, change: options => options.TokenFile = _file);
        Assert.Equal(HubOutcome.Found, (await services.ListAsync()).Outcome);
        hub.Token = "hf_theNextOne";
        Assert.Equal(HubOutcome.BadToken, (await services.ListAsync()).Outcome);
        Write("hf_theNextOne\n");
        Assert.Equal(HubOutcome.Found, (await services.ListAsync()).Outcome);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, true)]
    public async Task NET_09_A_token_file_that_others_can_read_is_warned_of_once(UnixFileMode mode, bool warned)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
#pragma warning disable CA1416
        File.SetUnixFileMode(_file, mode);
#pragma warning restore CA1416
        using var log = new LogRecorder();
        await using var hub = await FakeHub.StartAsync();
        hub.Token = Canary;
        await using var services = HubSetup.For(hub, log: log, change: options => options.TokenFile = _file);
        await services.ListAsync();
        await services.ListAsync();
        Assert.Equal(warned ? 1 : 0, log.Lines.Count(line => line.Contains("chmod 600", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    public async Task A_file_without_a_token_sends_none_and_says_so(string text)
    {
        Write(text);
        using var log = new LogRecorder();
        await using var hub = await FakeHub.StartAsync();
        await using var services = HubSetup.For(hub, log: log, change: options => options.TokenFile = _file);
        await services.ListAsync();
        Assert.Null(Assert.Single(hub.Log).Authorization);
        Assert.Contains(log.Lines, line => line.Contains("holds no token", StringComparison.Ordinal));
    }
}
