using System.Text.Json.Nodes;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.HuggingFace;

public sealed class HubRepositoryTests
{
    private const string Old = "runway/diffusion";

    private static async Task<FakeHub> HubAsync()
    {
        var hub = await FakeHub.StartAsync();
        hub.Models.Add(new JsonObject { ["id"] = Old, ["tags"] = new JsonArray("license:mit") });
        return hub;
    }

    [Fact]
    public async Task ING_15_A_renamed_model_is_found_under_its_new_name()
    {
        await using var hub = await HubAsync();
        var identity = hub.Models.All[0].HubId;
        hub.Models.Rename(Old, "stable/diffusion");
        await using var services = HubSetup.For(hub);
        var reply = await services.GetAsync(Old);
        Assert.Equal((HubOutcome.Found, "stable/diffusion", identity), (reply.Outcome, reply.MovedTo, reply.Value!.HubId));
        Assert.Equal(2, hub.Log.Count);
    }

    [Fact]
    public async Task ING_15_Wrong_letter_case_and_legacy_names_redirect_too()
    {
        await using var hub = await HubAsync();
        hub.Models.Redirect("diffusion", Old);
        await using var services = HubSetup.For(hub);
        Assert.Equal(Old, (await services.GetAsync("Runway/Diffusion")).MovedTo);
        Assert.Equal(Old, (await services.GetAsync("diffusion")).MovedTo);
        Assert.Null((await services.GetAsync(Old)).MovedTo);
    }

    [Theory]
    [InlineData("/api/models/a/b", "a loop")]
    [InlineData("http://127.0.0.1:{elsewhere}/api/models/a/b", "another origin")]
    [InlineData("https://127.0.0.1:{here}/api/models/a/c", "another scheme")]
    [InlineData("file:///etc/passwd", "a file")]
    [InlineData("", "nothing")]
    public async Task ING_15_A_loop_or_a_foreign_target_fails(string location, string what)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var elsewhere = await FakeHub.StartAsync();
        var target = location.Replace("{here}", $"{new Uri(hub.Endpoint).Port}", StringComparison.Ordinal).Replace("{elsewhere}", $"{new Uri(elsewhere.Endpoint).Port}", StringComparison.Ordinal);
        hub.Models.Redirect("a/b", "a/c");
        hub.Models.Redirect("a/c", "a/b");
        hub.Fail(FakeFaults.Redirect(target), when: _ => what != "a loop");
        await using var services = HubSetup.For(hub);
        Assert.Equal(HubOutcome.Unusable, (await services.GetAsync("a/b")).Outcome);
        Assert.Empty(elsewhere.Log);
        Assert.True(hub.Log.Count <= 6);
    }

    public static TheoryData<int, string?, string?, bool, HubOutcome> Fates => new()
    {
        { 401, null, "Invalid username or password.", false, HubOutcome.NotPublic },
        { 401, null, "Invalid username or password.", true, HubOutcome.BadToken },
        { 401, "RepoNotFound", "Repository not found", true, HubOutcome.NotFound },
        { 404, "RepoNotFound", "Repository not found", true, HubOutcome.NotFound },
        { 404, null, null, false, HubOutcome.NotFound },
        { 404, "RevisionNotFound", "Invalid rev id", false, HubOutcome.Absent },
        { 410, null, null, false, HubOutcome.Gone },
        { 403, "GatedRepo", "Access to model is restricted.", true, HubOutcome.Gated },
        { 401, "GatedRepo", "Access to model is restricted.", false, HubOutcome.Gated },
        { 403, null, "Access to this resource is disabled.", false, HubOutcome.Disabled },
        { 451, null, null, false, HubOutcome.Withdrawn },
        { 400, null, "Invalid cursor", false, HubOutcome.Refused },
        { 418, null, "I am a \u001b[31mteapot", false, HubOutcome.Refused },
    };

    [Theory]
    [MemberData(nameof(Fates))]
    public async Task ING_16_Every_refusal_is_an_outcome_of_its_own(int status, string? code, string? message, bool withToken, HubOutcome expected)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Token = "hf_theRightOne";
        (string, string)[] headers = [("X-Error-Code", code ?? ""), ("X-Error-Message", (message ?? "").Replace('\u001b', ' '))];
        hub.Fail(FakeFaults.Status(status, headers), times: int.MaxValue);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "hf_theRightOne", TestContext.Current.CancellationToken);
        await using var services = HubSetup.For(hub, change: options => options.TokenFile = withToken ? file : null);
        Assert.Equal(expected, (await services.GetAsync("a/b")).Outcome);
        Assert.Single(hub.Log);
        File.Delete(file);
    }

    [Fact]
    public async Task A_gated_or_disabled_model_still_has_its_row_but_hands_out_no_card()
    {
        await using var hub = await HubAsync();
        hub.Models.Add(new JsonObject { ["id"] = "a/gated", ["gated"] = "manual" });
        hub.Models.Add(new JsonObject { ["id"] = "a/disabled", ["disabled"] = true, ["gated"] = "auto" });
        hub.Models.Card(Old, "# Diffusion");
        await using var services = HubSetup.For(hub);
        Assert.Equal(Gating.Manual, (await services.GetAsync("a/gated")).Value!.Gated);
        Assert.True((await services.GetAsync("a/disabled")).Value!.Disabled);
        Assert.Equal(HubOutcome.Gated, (await services.CardAsync("a/gated")).Outcome);
        Assert.Equal(HubOutcome.Disabled, (await services.CardAsync("a/disabled")).Outcome);
        Assert.Equal("# Diffusion", (await services.CardAsync(Old)).Value);
        hub.Models.Add(new JsonObject { ["id"] = "a/without" });
        Assert.Equal(HubOutcome.Absent, (await services.CardAsync("a/without")).Outcome);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/..")]
    [InlineData("a/b/c")]
    [InlineData("/a")]
    [InlineData("")]
    public async Task An_id_that_is_no_path_of_a_repository_is_not_asked_for(string id)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var services = HubSetup.For(hub);
        Assert.Equal(HubOutcome.NotFound, (await services.GetAsync(id)).Outcome);
        Assert.Empty(hub.Log);
    }
}
