using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.HuggingFace;

public sealed class HubListingTests
{
    [Fact]
    public async Task Every_model_is_listed_once_and_with_the_fields_asked_for()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fill(2_345);
        await using var services = HubSetup.For(hub);
        var found = new List<HubModel>();
        for (var question = HubSetup.FirstModels; question is not null;)
        {
            var reply = await services.ListAsync(question);
            Assert.Equal(HubOutcome.Found, reply.Outcome);
            found.AddRange(reply.Value!.Models);
            question = reply.Value.Next;
        }
        Assert.Equal(3, hub.Log.Count);
        Assert.Equal(hub.Models.All.Select(repo => repo.Id).Order(), found.Select(model => model.Id).Order());
        var truth = hub.Models.All.ToDictionary(repo => repo.HubId);
        Assert.All(found, model =>
        {
            var repo = truth[model.HubId!];
            Assert.Equal(repo.CreatedAt, model.CreatedAt);
            Assert.Equal(repo.LastModified, model.LastModified);
            Assert.Equal(repo.Sha, model.Sha);
            Assert.Equal(repo.Document["downloads"]!.GetValue<long>(), model.Downloads);
            Assert.Equal(3, model.Siblings!.Count);
            Assert.NotNull(model.Gated);
        });
        Assert.Contains(found, model => model.Gated == Gating.Manual);
    }

    [Fact]
    public async Task Datasets_are_listed_the_same_way()
    {
        await using var hub = await FakeHub.StartAsync();
        for (var number = 0; number < 30; number++) hub.Datasets.Add(FakeModels.Dataset(number));
        await using var services = HubSetup.For(hub);
        var first = await services.ListAsync(HubListing.First(HubRepoKind.Datasets, HubSort.CreatedAt, 20));
        var second = await services.ListAsync(first.Value!.Next);
        Assert.Equal((20, 10), (first.Value.Datasets.Count, second.Value!.Datasets.Count));
        Assert.All(first.Value.Datasets, dataset => Assert.Equal(["mit"], dataset.License));
        Assert.Null(second.Value.Next);
    }

    [Fact]
    public async Task A_row_that_only_our_token_can_see_is_left_out()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fill(3);
        hub.Models.Change(hub.Models.All[0].Id, model => model["private"] = true);
        await using var services = HubSetup.For(hub);
        var page = (await services.ListAsync()).Value!;
        Assert.Equal((2, 1, 2), (page.Models.Count, page.Private, page.Rows));
    }

    [Fact]
    public async Task ING_12_A_bad_element_costs_only_itself()
    {
        string[] bad =
        [
            "42", "null", "\"text\"", "[]", "{}", """{"id":7}""", """{"id":""}""", """{"id":"a/b/c/d"}""", """{"id":"../../etc"}""",
            """{"id":"x/nul\u0000"}""", new string('[', 5_000) + new string(']', 5_000), """{"id":"deep/er","cardData":""" + string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 201),
        ];
        await using var hub = await FakeHub.StartAsync();
        hub.Fill(20);
        hub.Fail(FakeFaults.Rewrite(list => $"[{string.Join(',', bad)},{list[1..]}"));
        await using var services = HubSetup.For(hub);
        var page = (await services.ListAsync()).Value!;
        Assert.Equal(20 + bad.Length, page.Rows);
        Assert.Superset(hub.Models.All.Select(repo => repo.Id).ToHashSet(), page.Models.Select(model => model.Id).ToHashSet());
        Assert.All(page.Unreadable, element => Assert.True(element is { Reason.Length: > 0, Raw.Length: > 0 } && element.Raw.Length == element.RawLength));
        Assert.True(page.Unreadable.Count >= bad.Length - 1, $"{page.Unreadable.Count} of {bad.Length}");
    }

    [Theory]
    [InlineData("https://evil.example/api/models?cursor=1")]
    [InlineData("//evil.example/api/models?cursor=1")]
    [InlineData("ftp://x/")]
    public async Task A_stored_cursor_that_leads_elsewhere_is_refused(string question)
    {
        await using var services = HubSetup.For("http://127.0.0.1:9");
        Assert.Equal(HubOutcome.Refused, (await services.ListAsync(question)).Outcome);
    }

    [Theory]
    [InlineData("api/models?limit=1000&sort=createdAt&cursor=x%3D", 100, "api/models?limit=100&sort=createdAt&cursor=x%3D")]
    [InlineData("api/models?sort=createdAt&limit=20", 100, "api/models?sort=createdAt&limit=100")]
    [InlineData("api/models?sort=createdAt", 100, "api/models?sort=createdAt")]
    [InlineData("api/models", 100, "api/models")]
    public void A_page_can_be_asked_for_in_another_size(string question, int limit, string other) =>
        Assert.Equal(other, HubListing.WithLimit(question, limit));
}
