using System.Text;
using CsCheck;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Tests.Sync;

public sealed class ObservationMergerTests
{
    [Fact]
    public void An_older_observation_fills_gaps_and_overwrites_nothing()
    {
        var now = At(2026, new() { Id = "a/b", PipelineTag = "new", Tags = ["license:mit"] });
        var then = At(2024, new() { Id = "a/b", PipelineTag = "old", LibraryName = "transformers", Gated = Gating.Manual });
        var merged = ObservationMerger.Merge(now, then);
        Assert.Equal(("new", "transformers", Gating.Manual), (merged.Model.PipelineTag, merged.Model.LibraryName, merged.Model.Gated));
        Assert.Equal(Year(2026), merged.At);
        Assert.Equal(Year(2026), merged.SeenAt("pipeline_tag"));
        Assert.Equal(Year(2024), merged.SeenAt("library_name"));
    }

    [Fact]
    public void A_newer_null_is_an_answer_and_a_newer_silence_is_not()
    {
        var then = At(2024, new() { Id = "a/b", PipelineTag = "old", LibraryName = "old" });
        var merged = ObservationMerger.Merge(At(2026, new() { Id = "a/b", Nulls = ["pipeline_tag"] }), then).Model;
        Assert.Null(merged.PipelineTag);
        Assert.Equal(["pipeline_tag"], merged.Nulls);
        Assert.Equal("old", merged.LibraryName);
    }

    [Fact]
    public void A_licence_name_never_outlives_the_licence_it_belongs_to()
    {
        var then = At(2024, new() { Id = "a/b", CardData = new() { License = ["other"], LicenseName = "own", LicenseLink = "LICENSE", Datasets = ["d/e"] } });
        var merged = ObservationMerger.Merge(then, At(2026, new() { Id = "a/b", CardData = new() { License = ["mit"] } })).Model.CardData;
        Assert.Equal(["mit"], merged?.License);
        Assert.Null(merged?.LicenseName);
        Assert.Equal(["d/e"], merged?.Datasets);
    }

    [Fact]
    public void Two_sources_of_one_day_that_differ_give_both_licences_and_the_stricter_gate()
    {
        var merged = ObservationMerger.Merge(
            At(2024, new() { Id = "a/b", Tags = ["license:mit"], Gated = Gating.None, CardData = new() { License = ["mit"] } }),
            At(2024, new() { Id = "a/b", Tags = ["license:llama3"], Gated = Gating.Auto, CardData = new() { License = ["llama3"] } })).Model;
        Assert.Equal(["license:llama3", "license:mit"], merged.Tags);
        Assert.Equal(["llama3", "mit"], merged.CardData?.License);
        Assert.Equal(Gating.Auto, merged.Gated);
    }

    [Fact]
    public void Taken_down_is_what_the_newest_observation_says()
    {
        var gone = At(2026, new() { Id = "a/b", Removed = true });
        Assert.True(ObservationMerger.Merge(gone, At(2024, new() { Id = "a/b" })).Model.Removed);
        Assert.False(ObservationMerger.Merge(gone, At(2028, new() { Id = "a/b" })).Model.Removed);
    }

    [Fact]
    public void Three_observations_in_any_order_give_the_same_facts_and_merging_again_changes_nothing() =>
        Gen.Select(Observations, Observations, Observations).Sample((one, two, three) =>
        {
            var expected = Show(Merge(one, two, three));
            return expected == Show(Merge(one, three, two)) && expected == Show(Merge(two, one, three)) && expected == Show(Merge(two, three, one))
                && expected == Show(Merge(three, one, two)) && expected == Show(Merge(three, two, one)) && expected == Show(ObservationMerger.Merge(one, ObservationMerger.Merge(two, three)))
                && expected == Show(Merge(Merge(one, two, three), two, one));
        }, iter: 2_000);

    [Fact]
    public void What_is_stored_is_read_back_the_same() =>
        Gen.Select(Observations, Observations).Sample((one, two) =>
        {
            var written = HubModelWriter.Write(ObservationMerger.Merge(one, two).Model);
            Assert.True(HubModelReader.TryRead(written, trusted: true, out var read, [], out var reason), reason);
            Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(HubModelWriter.Write(read)));
        }, iter: 2_000);

    private static readonly string[] Fragments =
    [
        "\"tags\":[\"x\",\"license:mit\"]", "\"tags\":[\"license:mit\",\"x\"]", "\"tags\":[\"license:llama3\"]", "\"tags\":[]",
        "\"gated\":false", "\"gated\":\"auto\"", "\"gated\":true", "\"pipeline_tag\":null", "\"pipeline_tag\":\"p\"", "\"pipeline_tag\":\"q\"",
        "\"cardData\":{}", "\"cardData\":{\"license\":\"mit\"}", "\"cardData\":{\"license\":[\"b\",\"a\"],\"license_name\":\"n\"}", "\"cardData\":{\"license_name\":\"o\",\"base_model\":\"x/y\"}",
        "\"cardData\":{\"datasets\":[\"d\",\"c\"],\"language\":\"en\"}", "\"private\":true", "\"private\":false", "\"disabled\":true", "\"downloads\":5", "\"downloads\":\"7\"",
        "\"siblings\":[]", "\"siblings\":[{\"rfilename\":\"a\"}]", "\"siblings\":[{\"rfilename\":\"b\",\"size\":3}]", "\"safetensors\":{\"total\":3}", "\"safetensors\":{\"parameters\":{\"F32\":3},\"total\":3}",
        "\"safetensors\":null", "\"_id\":\"621ffdc036468d709f174338\"", "\"_id\":\"721ffdc036468d709f174338\"", "\"_radar\":{\"removed\":true}", "\"_radar\":{\"removed\":false,\"x\":1}", "\"foo\":[1]", "\"foo\":{\"a\":2}",
        "\"createdAt\":\"2020-01-01T00:00:00Z\"", "\"createdAt\":\"2021-01-01T00:00:00Z\"", "\"lastModified\":\"2021-01-01T00:00:00.5Z\"", "\"author\":17", "\"baseModels\":{\"relation\":\"merge\",\"models\":[{\"id\":\"q/r\"}]}",
    ];

    private static readonly Gen<Observation> Observations =
        from year in Gen.Int[2022, 2024]
        from json in Gen.Int[0, Fragments.Length - 1].Select(n => Fragments[n]).Array[0, 8]
        select new Observation(Read($$"""{"id":"a/b"{{string.Concat(json.DistinctBy(Key).Select(part => "," + part))}}}"""), Year(year));

    private static string Key(string fragment) => fragment[..fragment.IndexOf(':', StringComparison.Ordinal)];

    private static Observation Merge(Observation one, Observation two, Observation three) => ObservationMerger.Merge(ObservationMerger.Merge(one, two), three);

    private static string Show(Observation merged) => $"{merged.At:O} {merged.Model.Downloads} {Encoding.UTF8.GetString(HubModelWriter.Write(merged.Model))}";

    private static Observation At(int year, HubModel model) => new(model, Year(year));

    private static DateTime Year(int year) => new(year, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static HubModel Read(string json)
    {
        Assert.True(HubModelReader.TryRead(Encoding.UTF8.GetBytes(json), trusted: false, out var model, [], out var reason), reason);
        return model;
    }
}
