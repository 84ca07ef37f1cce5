using System.Text.Json;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.Bundled;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Tests.Bundled;

public class BundledCatalogueTests
{
    [Fact]
    public void There_are_enough_models_and_each_id_stands_once()
    {
        Assert.True(BundledRows.All.Count >= 400, $"{BundledRows.All.Count} rows");
        Assert.Empty(BundledRows.Models.GroupBy(model => model.Id, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => same.Key));
        Assert.Empty(BundledRows.Models.Where(model => model.HubId is not null).GroupBy(model => model.HubId).Where(same => same.Count() > 1).Select(same => same.Key));
        Assert.All(BundledRows.Models, model => Assert.Equal(2, model.Id.Split('/').Length));
    }

    [Fact]
    public void The_file_is_small_and_sorted()
    {
        using var file = BundledCatalogue.Open();
        Assert.InRange(file.Length, 1, 1_500_000);
        var ids = BundledRows.Models.Select(model => model.Id).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void Every_row_says_when_and_where_it_was_seen()
    {
        Assert.All(BundledRows.Models, model =>
        {
            Assert.NotNull(model.Atlas);
            Assert.InRange(BundledRows.Observed(model), new DateTime(2022, 1, 1, 0, 0, 0, DateTimeKind.Utc), TimeProvider.System.GetUtcNow().UtcDateTime);
            Assert.NotEmpty(model.Atlas.Sources ?? []);
            Assert.All(model.SeenAt ?? new Dictionary<string, DateTime>(), field => Assert.True(field.Value < BundledRows.Observed(model), $"{model.Id}: {field.Key}"));
        });
    }

    [Fact]
    public void Nothing_in_it_is_of_the_machine_it_was_made_on()
    {
        Assert.All(BundledRows.Lines(), line =>
        {
            foreach (var trace in (string[])["/work/", "/root/", "/tmp/", "shared/data", "C:\\\\"]) Assert.DoesNotContain(trace, line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void All_three_classes_have_at_least_twenty_models()
    {
        foreach (var openness in Enum.GetValues<Openness>())
        {
            var count = BundledRows.All.Count(row => row.Verdict.Class == openness);
            Assert.True(count >= 20, $"{openness}: {count}");
        }
    }

    [Fact]
    public void Tasks_makers_and_licences_are_many()
    {
        Assert.True(BundledRows.Models.Select(model => model.PipelineTag).Distinct().Count() >= 40);
        Assert.True(BundledRows.Models.Select(model => model.Id.Split('/')[0]).Distinct().Count() >= 100);
        Assert.True(BundledRows.All.Select(row => row.Verdict.License.Effective).Distinct().Count() >= 40);
    }

    [Fact]
    public void A_closed_model_has_a_cited_page_and_an_open_one_weights_that_were_seen()
    {
        Assert.All(BundledRows.All, row =>
        {
            var (model, verdict) = row;
            if (verdict.Class == Openness.Closed)
                Assert.Contains(model.Cited ?? [], item => item.Axis == Axis.Weights && item.State == Level.None && IsPage(item.Source));
            else if (verdict.Class is not null)
                Assert.Contains(verdict.Axes.Weights, new[] { Level.Public, Level.Gated, Level.Withdrawn });
        });
    }

    [Fact]
    public void Every_service_names_a_page_of_its_maker()
    {
        var services = BundledRows.All.Where(row => row.Model.Atlas?.Kind == "service").ToList();
        Assert.True(services.Count >= 100, $"{services.Count} services");
        Assert.All(services, row =>
        {
            Assert.Equal(Openness.Closed, row.Verdict.Class);
            Assert.Contains(row.Model.Atlas?.Sources ?? [], source => IsPage(source) && !source.Contains("models.dev", StringComparison.Ordinal));
            Assert.Null(row.Model.Siblings);
        });
    }

    [Fact]
    public void The_facts_that_the_three_columns_compare_are_there()
    {
        foreach (var openness in Enum.GetValues<Openness>())
        {
            var column = BundledRows.All.Where(row => row.Verdict.Class == openness).Select(row => row.Model).ToList();
            Assert.True(column.Count(model => model.CreatedAt is not null || model.LastModified is not null) >= 20, $"{openness}: dates");
            if (openness == Openness.Closed) continue;
            Assert.True(column.Count(model => model.Likes is not null) >= 20, $"{openness}: likes");
            Assert.True(column.Count(model => model.Gated is not null) >= 20, $"{openness}: gates");
            Assert.True(column.Count(model => model.CardData?.Datasets is not null || model.Tags?.Any(tag => tag.StartsWith("dataset:", StringComparison.Ordinal)) == true) >= 20, $"{openness}: datasets");
        }
    }

    [Fact]
    public void Lineage_leads_from_row_to_row()
    {
        var ids = BundledRows.Models.Select(model => model.Id).ToHashSet(StringComparer.Ordinal);
        var derived = BundledRows.Models.Where(model => Bases(model).Any(ids.Contains)).ToList();
        Assert.True(derived.Count >= 80, $"{derived.Count} models name a base that is here");
    }

    [Fact]
    public void Gated_disabled_and_removed_repositories_are_among_them()
    {
        Assert.True(BundledRows.Models.Count(model => model.Gated is Gating.Auto or Gating.Manual or Gating.Gated) >= 20);
        Assert.Contains(BundledRows.Models, model => model.Disabled == true);
        Assert.Contains(BundledRows.Models, model => model.Removed == true);
    }

    [Fact]
    public void Quotes_are_short_and_evidence_is_dated()
    {
        Assert.All(BundledRows.Models.SelectMany(model => model.Cited ?? []), item =>
        {
            Assert.True(item.Quote is null || item.Quote.Length <= 200);
            Assert.NotNull(item.ObservedAt);
        });
    }

    [Fact]
    public void A_line_is_one_object_without_prose()
    {
        Assert.All(BundledRows.Lines(), line =>
        {
            using var json = JsonDocument.Parse(line);
            Assert.False(json.RootElement.TryGetProperty("card", out _));
            Assert.True(line.Length < 12_000, json.RootElement.GetProperty("id").GetString());
        });
    }

    private static IEnumerable<string> Bases(HubModel model) =>
        (model.CardData?.BaseModel ?? []).Concat((model.Tags ?? []).Where(tag => tag.StartsWith("base_model:", StringComparison.Ordinal)).Select(tag => tag[(tag.LastIndexOf(':') + 1)..]));

    private static bool IsPage(string source) => Uri.TryCreate(source, UriKind.Absolute, out var page) && page.Scheme == Uri.UriSchemeHttps;
}
