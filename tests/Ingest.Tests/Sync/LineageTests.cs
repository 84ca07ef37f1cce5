using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Testing;

namespace ModelAtlas.Ingest.Tests.Sync;

public sealed class LineageTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Open = "\"tags\":[\"transformers\",\"license:apache-2.0\",\"dataset:maker/corpus\"]";

    private CatalogDesk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await CatalogDesk.OpenAsync(postgres);

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_base_that_is_there_first_decides_at_once()
    {
        await _desk.SeeAsync("2024-07-11", Row("a/base", Open));
        await _desk.SeeAsync("2024-07-11", Row("b/child", "finetune", "apache-2.0", "a/base"));

        var verdict = await VerdictAsync("b/child");
        Assert.Equal((Openness.OpenSource, "described"), (verdict.Class, verdict.Axes.Data));
        Assert.Contains(verdict.Reasons, reason => reason.Evidence.Any(item => item.Source == "base:a/base" && item.State == "described"));
        Assert.Equal(0, await DueAsync());
        Assert.Equal(1, await HistoryAsync("b/child"));
        Assert.Equal((await _desk.ModelAsync("a/base")).Id, await BaseAsync("b/child"));
    }

    [Fact]
    public async Task Base_and_child_of_one_page_see_each_other_whatever_their_order()
    {
        await _desk.SeeAsync("2024-07-11", Row("b/child", "finetune", "apache-2.0", "a/base"), Row("a/base", Open));

        Assert.Equal(Openness.OpenSource, (await VerdictAsync("b/child")).Class);
        Assert.Equal((0, 1L), (await DueAsync(), await HistoryAsync("b/child")));
        Assert.Equal((await _desk.ModelAsync("a/base")).Id, await BaseAsync("b/child"));
    }

    [Fact]
    public async Task A_base_that_comes_later_has_its_descendants_judged_again()
    {
        await _desk.SeeAsync("2024-07-11", Row("c/grandchild", "quantized", "apache-2.0", "b/child"));
        await _desk.SeeAsync("2024-07-11", Row("b/child", "finetune", "apache-2.0", "a/base"));
        await SettleAsync();
        Assert.Equal(Basis.NotEstablished, (await VerdictAsync("c/grandchild")).Basis);

        await _desk.SeeAsync("2024-07-12", Row("a/base", Open));
        Assert.Equal(1, await DueAsync());
        await SettleAsync();
        Assert.Equal(Openness.OpenSource, (await VerdictAsync("b/child")).Class);
        Assert.Equal(Openness.OpenSource, (await VerdictAsync("c/grandchild")).Class);
        Assert.NotNull(await BaseAsync("b/child"));
    }

    [Fact]
    public async Task A_base_that_changes_its_licence_binds_its_descendants_and_sets_them_free_again()
    {
        await _desk.SeeAsync("2024-07-11", Row("a/base", Open), Row("b/child", "finetune", "apache-2.0", "a/base"), Row("c/grandchild", "quantized", "apache-2.0", "b/child"));
        await _desk.SeeAsync("2024-07-12", Row("a/base", Open.Replace("apache-2.0", "cc-by-nc-4.0", StringComparison.Ordinal)));
        await SettleAsync();
        foreach (var id in (string[])["b/child", "c/grandchild"])
        {
            var verdict = await VerdictAsync(id);
            Assert.Equal((Openness.OpenWeights, "cc-by-nc-4.0", "base"), (verdict.Class, verdict.License.Effective, verdict.License.Source));
            Assert.Contains(verdict.License.Conflicts, conflict => conflict.Contains("does not allow what Apache", StringComparison.Ordinal));
            Assert.True((await _desk.ModelAsync(id)).Conflict);
        }

        await _desk.SeeAsync("2024-07-13", Row("a/base", Open));
        await SettleAsync();
        Assert.Equal(("apache-2.0", Openness.OpenSource), ((await VerdictAsync("c/grandchild")).License.Effective, (await VerdictAsync("c/grandchild")).Class));
        Assert.Equal(3, await HistoryAsync("c/grandchild"));
    }

    [Fact]
    public async Task What_changes_nothing_for_the_children_has_none_of_them_judged_again()
    {
        await _desk.SeeAsync("2024-07-11", Row("a/base", Open), Row("b/child", "finetune", "apache-2.0", "a/base"));
        await _desk.SeeAsync("2024-07-12", Row("a/base", Open + ",\"pipeline_tag\":\"text-generation\",\"downloads\":9"));
        Assert.Equal(0, await DueAsync());
    }

    [Fact]
    public async Task ING_22_a_cycle_is_told_and_ends()
    {
        await _desk.SeeAsync("2024-07-11", Row("a/one", "finetune", "mit", "b/two"), Row("b/two", "finetune", "cc-by-nc-4.0", "a/one"));
        await SettleAsync();
        Assert.Equal("cc-by-nc-4.0", (await VerdictAsync("a/one")).License.Effective);
        await _desk.SeeAsync("2024-07-12", Row("b/two", "finetune", "mit", "a/one"));
        await SettleAsync();
        Assert.Equal(("mit", Basis.NotEstablished), ((await VerdictAsync("a/one")).License.Effective, (await VerdictAsync("a/one")).Basis));
    }

    [Fact]
    public async Task ING_22_a_chain_of_300_is_followed_as_far_as_honest_ones_go()
    {
        await _desk.SeeAsync("2024-07-11", [.. Enumerable.Range(1, 299).Select(number => Row($"a/m{number}", "finetune", "apache-2.0", $"a/m{number - 1}")), Row("a/m0", Open)]);
        await SettleAsync();
        Assert.Equal(Openness.OpenSource, (await VerdictAsync("a/m8")).Class);
        Assert.Equal(Basis.NotEstablished, (await VerdictAsync("a/m299")).Basis);

        await _desk.SeeAsync("2024-07-12", Row("a/m0", Open.Replace("apache-2.0", "cc-by-nc-4.0", StringComparison.Ordinal)));
        await SettleAsync();
        Assert.Equal("cc-by-nc-4.0", (await VerdictAsync("a/m8")).License.Effective);
        Assert.Equal("apache-2.0", (await VerdictAsync("a/m299")).License.Effective);
        Assert.Equal(1, await HistoryAsync("a/m299"));
    }

    [Fact]
    public async Task ING_22_a_merge_of_5000_and_a_base_of_5000_are_bounded()
    {
        await _desk.SeeAsync("2024-07-11", Row("z/merge", "merge", "apache-2.0", [.. Enumerable.Range(0, 5_000).Select(number => $"a/m{number}")]));
        await _desk.SeeAsync("2024-07-11", [.. Enumerable.Range(0, 5_000).Select(number => Row($"a/m{number}", "finetune", "apache-2.0", "a/base"))]);
        await SettleAsync();
        Assert.Equal(Basis.NotEstablished, (await VerdictAsync("z/merge")).Basis);

        await _desk.SeeAsync("2024-07-12", Row("a/base", Open));
        Assert.Equal(5_000, await DueAsync());
        Assert.Equal(CatalogWriter.DueAtOnce, await _desk.Writer.JudgeDueAsync(CatalogWriter.DueAtOnce, TestContext.Current.CancellationToken));
        await SettleAsync();
        Assert.Equal(5_001, await _desk.ValueAsync<long>($"SELECT count(*) FROM model WHERE class = {(int)Openness.OpenSource} AND repo_id LIKE 'a/%'"));
        Assert.Equal(Openness.OpenSource, (await VerdictAsync("z/merge")).Class);
    }

    [Fact]
    public async Task A_renamed_base_is_found_by_the_name_that_the_child_gives()
    {
        const string Id = "\"_id\":\"621ffdc036468d709f174338\",";
        await _desk.SeeAsync("2024-07-11", Row("a/old", Id + Open), Row("b/child", "finetune", "apache-2.0", "a/old"));
        await _desk.SeeAsync("2024-07-12", Row("a/new", Id + Open));
        await SettleAsync();
        var verdict = await VerdictAsync("b/child");
        Assert.Equal(Openness.OpenSource, verdict.Class);
        Assert.Contains(verdict.Reasons, reason => reason.Evidence.Any(item => item.Source == "base:a/new"));
        Assert.Equal((await _desk.ModelAsync("a/new")).Id, await BaseAsync("b/child"));

        await _desk.SeeAsync("2024-07-13", Row("c/late", "finetune", "apache-2.0", "A/OLD"), Row("c/other", "finetune", "apache-2.0", "A/NEW"));
        Assert.Equal(Openness.OpenSource, (await VerdictAsync("c/other")).Class);
    }

    [Fact]
    public async Task A_name_that_another_repository_takes_over_stands_for_that_one()
    {
        await _desk.SeeAsync("2024-07-11", Row("a/base", "\"_id\":\"621ffdc036468d709f174338\"," + Open), Row("b/child", "finetune", "apache-2.0", "a/base"));
        await _desk.SeeAsync("2024-07-12", Row("a/base", "\"_id\":\"721ffdc036468d709f174338\",\"tags\":[\"transformers\",\"license:cc-by-nc-4.0\"]"));
        await SettleAsync();
        Assert.Equal("cc-by-nc-4.0", (await VerdictAsync("b/child")).License.Effective);
    }

    [Fact]
    public async Task Prose_names_a_base_by_its_whole_name_and_of_two_of_that_name_none_is_the_base()
    {
        await _desk.SeeAsync("2024-07-11", Row("a/Marigold-7B", Open));
        await SeeCardAsync("2024-07-11", "b/child", "# child\n\nThis model is a fine-tuned version of Marigold 7B.\n");
        Assert.Equal("described", (await VerdictAsync("b/child")).Axes.Data);
        Assert.Equal((await _desk.ModelAsync("a/Marigold-7B")).Id, await BaseAsync("b/child"));

        await _desk.SeeAsync("2024-07-12", Row("a/Marigold-7B-Instruct", Open));
        Assert.Equal(0, await DueAsync());
        await _desk.SeeAsync("2024-07-12", Row("copycat/marigold_7b", "\"tags\":[\"transformers\",\"license:cc-by-nc-4.0\"]"));
        await SettleAsync();
        Assert.Null(await BaseAsync("b/child"));
        Assert.DoesNotContain((await VerdictAsync("b/child")).License.Conflicts, conflict => conflict.Contains("marigold", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Licences_that_each_demand_to_stay_cannot_be_merged()
    {
        await _desk.SeeAsync(
            "2024-07-11",
            Row("a/gpl", "\"tags\":[\"transformers\",\"license:gpl-3.0\"]"), Row("a/llama", "\"tags\":[\"transformers\",\"license:llama3\"]"), Row("b/merge", "merge", "apache-2.0", "a/gpl", "a/llama"));
        var verdict = await VerdictAsync("b/merge");
        Assert.Contains(verdict.License.Conflicts, conflict => conflict.Contains("each demand to stay", StringComparison.Ordinal));
        Assert.Contains(verdict.License.Conflicts, conflict => conflict.Contains("does not allow what Apache", StringComparison.Ordinal));
        Assert.Contains(verdict.License.Conflicts, conflict => conflict.Contains("asks of derived models", StringComparison.Ordinal));
        Assert.Equal("llama3", verdict.License.Effective);
    }

    [Fact]
    public async Task A_dataset_under_a_non_commercial_licence_is_a_conflict_whichever_comes_first()
    {
        HubDataset corpus = new() { Id = "Maker/Corpus", License = ["cc-by-nc-4.0"], Gated = Gating.None };
        await _desk.SeeAsync("2024-07-11", Row("a/early", Open));
        Assert.Empty((await VerdictAsync("a/early")).License.Conflicts);
        await SeeDatasetAsync("2024-07-11", corpus);
        await _desk.SeeAsync("2024-07-11", Row("a/late", Open));
        await SettleAsync();
        foreach (var id in (string[])["a/early", "a/late"])
        {
            var verdict = await VerdictAsync(id);
            Assert.Contains(verdict.License.Conflicts, conflict => conflict.Contains("the model's Apache", StringComparison.Ordinal));
            Assert.Equal("open", verdict.Axes.Data);
        }

        await SeeDatasetAsync("2024-07-12", corpus with { Downloads = 7 });
        Assert.Equal(0, await DueAsync());
        await SeeDatasetAsync("2024-07-13", corpus with { License = ["mit"], Gated = Gating.Manual });
        await SettleAsync();
        var freed = await VerdictAsync("a/early");
        Assert.Equal(("described", 0), (freed.Axes.Data, freed.License.Conflicts.Count));
    }

    [Fact]
    public async Task CLS_07_other_rules_judge_again_with_the_bases_and_keep_the_old_verdict()
    {
        await _desk.SeeAsync("2024-07-11", Row("a/base", Open), Row("b/child", "finetune", "apache-2.0", "a/base"));
        await _desk.DoAsync("UPDATE model SET rule_version = 'R0', class = 3");
        await _desk.DoAsync("UPDATE verdict SET rule_version = 'R0', class = 3");
        Assert.NotNull(await _desk.Writer.ReclassifyAsync(Classifier.RuleVersion, 0, 500, TestContext.Current.CancellationToken));
        await using var db = _desk.Context();
        var child = await _desk.ModelAsync("b/child");
        Assert.Equal((Openness.OpenSource, Classifier.RuleVersion), (child.Class, child.RuleVersion));
        Assert.Equal(
            [("R0", Openness.Closed), (Classifier.RuleVersion, Openness.OpenSource)],
            (await db.Verdicts.Where(verdict => verdict.ModelId == child.Id).OrderBy(verdict => verdict.Id).ToListAsync(TestContext.Current.CancellationToken)).Select(verdict => (verdict.RuleVersion, verdict.Class ?? 0)));
        Assert.Equal(0, await DueAsync());
        Assert.Null(await _desk.Writer.ReclassifyAsync(Classifier.RuleVersion, 0, 500, TestContext.Current.CancellationToken));
    }

    private static string Row(string id, string fields) => $$"""{"id":"{{id}}",{{fields}}}""";

    private static string Row(string id, string relation, string license, params IEnumerable<string> bases) =>
        Row(id, $"\"tags\":[\"transformers\",\"license:{license}\"],\"cardData\":{{\"license\":\"{license}\",\"base_model\":[{string.Join(',', bases.Select(parent => $"\"{parent}\""))}],\"base_model_relation\":\"{relation}\"}}");

    private Task<PageResult> SeeCardAsync(string day, string id, string card)
    {
        var page = CatalogDesk.Page(day, Row(id, "\"tags\":[\"transformers\",\"license:apache-2.0\"]"));
        return _desk.Writer.WriteAsync(page with { Cards = [new(id, card)] }, TestContext.Current.CancellationToken);
    }

    private Task<PageResult> SeeDatasetAsync(string day, HubDataset dataset) =>
        _desk.Writer.WriteAsync(CatalogDesk.Page(day) with { Datasets = [dataset] }, TestContext.Current.CancellationToken);

    private Task SettleAsync() => _desk.Writer.SettleAsync(TestContext.Current.CancellationToken);

    private async Task<int> DueAsync() => (int)await _desk.ValueAsync<long>("SELECT count(*) FROM model_due");

    private Task<long> HistoryAsync(string id) => _desk.ValueAsync<long>($"SELECT count(*) FROM verdict WHERE model_id = (SELECT id FROM model WHERE repo_id = '{id}')");

    private async Task<int?> BaseAsync(string id)
    {
        await using var db = _desk.Context();
        var child = await _desk.ModelAsync(id);
        return (await db.Bases.AsNoTracking().SingleAsync(row => row.ModelId == child.Id, TestContext.Current.CancellationToken)).BaseModelId;
    }

    private async Task<Verdict> VerdictAsync(string id)
    {
        await using var db = _desk.Context();
        var model = await _desk.ModelAsync(id);
        var newest = await db.Verdicts.AsNoTracking().Where(row => row.ModelId == model.Id).OrderBy(row => row.Id).LastAsync(TestContext.Current.CancellationToken);
        var verdict = System.Text.Json.JsonSerializer.Deserialize(newest.Document, VerdictJson.Default.Verdict) ?? throw new InvalidOperationException(id);
        Assert.Equal((verdict.Class, verdict.Basis), (model.Class, model.Basis));
        return verdict;
    }
}
