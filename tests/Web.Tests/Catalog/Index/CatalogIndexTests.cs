using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Catalog.Local;

namespace ModelAtlas.Web.Tests.Catalog.Index;

/// <summary>Everything the index answers against looking at each model, over random models, filters and changes.</summary>
public sealed class CatalogIndexTests
{
    private const int Questions = 40;

    [Theory]
    [InlineData(1, 2_000)]
    [InlineData(2, 2_000)]
    [InlineData(3, 9_000)]
    [InlineData(4, 130)]
    [InlineData(5, 1)]
    [InlineData(6, 0)]
    public void Totals_facets_and_pages_are_those_of_looking_at_each_model(int seed, int count)
    {
        var random = new Random(seed);
        var models = Enumerable.Range(1, count).Select(number => SampleModel.Make(random, number * 2)).ToDictionary(model => model.Id);
        Ask(random, Build(models.Values), models);
    }

    [Theory]
    [InlineData(11, 1_500, 40)]
    [InlineData(12, 1_500, 500)]
    [InlineData(13, 0, 300)]
    public void A_snapshot_made_of_an_older_one_and_its_changes_answers_like_one_made_anew(int seed, int count, int changes)
    {
        var random = new Random(seed);
        var models = Enumerable.Range(1, count).Select(number => SampleModel.Make(random, number)).ToDictionary(model => model.Id);
        var snapshot = Build(models.Values);
        for (var round = 0; round < 4; round++)
        {
            snapshot = Change(random, snapshot, models, changes);
            Ask(random, snapshot, models);
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void A_walk_by_cursor_goes_on_over_changes_and_shows_what_did_not_change_once(int seed)
    {
        var random = new Random(seed);
        foreach (var sort in Enum.GetValues<CatalogSort>())
            foreach (var falling in new[] { false, true })
            {
                var models = Enumerable.Range(1, 200).Select(number => SampleModel.Make(random, number)).ToDictionary(model => model.Id);
                var before = models.Values.ToHashSet();
                var snapshot = Build(models.Values);
                List<int> walked = [];
                CatalogCursor? cursor = null;
                do
                {
                    using (var search = new CatalogSearch(snapshot, CatalogFilter.All))
                    {
                        var page = search.Page(sort, falling, cursor?.StandingIn(snapshot, sort, falling), 0, 23);
                        walked.AddRange(page.Select(document => snapshot.Ids[document]));
                        cursor = page.Count == 23 ? CatalogCursor.At(snapshot, sort, page[^1]) : null;
                    }
                    snapshot = Change(random, snapshot, models, 5);
                }
                while (cursor is not null);
                var same = models.Values.Where(before.Contains).ToList();
                var seen = walked.Where(id => models.TryGetValue(id, out var model) && before.Contains(model)).ToList();
                Assert.Equal(BruteForce.Order(same, sort, falling).Select(model => model.Id), seen);
            }
    }

    private static void Ask(Random random, CatalogSnapshot snapshot, Dictionary<int, SampleModel> models)
    {
        snapshot = snapshot with { Local = LocalFacts.None with { Room = BruteForce.Room, Hosted = LocalFacts.None.Hosted.Union(models.Values.Select(model => model.Name).Where(BruteForce.IsHosted)) } };
        Assert.Equal(models.Count, snapshot.Live.Count);
        for (var question = 0; question < Questions; question++)
        {
            var asked = RandomFilter.Make(random, [.. models.Values]);
            var filter = asked.Aggregate(CatalogFilter.All, (filter, chosen) => filter.With(chosen.Key, chosen.Value.Select(value => FilterKeys.Find(chosen.Key)!.Read(value)!)));
            var told = string.Join('&', asked.Select(chosen => $"{chosen.Key}={string.Join(',', chosen.Value)}"));
            var found = BruteForce.Find(models.Values, asked).ToList();

            using var search = new CatalogSearch(snapshot, filter);
            var counts = CatalogCounter.Count(snapshot, search, filter, [.. FilterKeys.Options, .. FilterKeys.Facets, .. FilterKeys.Many], 40);
            Assert.True(found.Count == counts.Total, $"{told}: {counts.Total} instead of {found.Count}");
            foreach (var key in FilterKeys.Options)
                foreach (var ((value, _), count) in key.Options.Zip(search.Count(key)))
                {
                    var with = new Dictionary<string, string[]>(asked) { [key.Name] = key.NeedsAll ? [.. asked.GetValueOrDefault(key.Name) ?? [], value] : [value] };
                    Assert.True(BruteForce.Find(models.Values, with).Count() == count, $"{told}: wrong count of {key.Name}={value}");
                }
            foreach (var facet in counts.Facets.Where(facet => facet.Key is FacetKey))
            {
                var expected = BruteForce.Count(BruteForce.Find(models.Values, asked, facet.Key.Name), facet.Key.Name);
                var shown = facet.Options.Where(option => option.Count > 0).ToList();
                Assert.True(shown.All(option => expected.GetValueOrDefault(option.Value) == option.Count), $"{told}: wrong count in {facet.Key.Name}");
                // All of them, or the most frequent ones.
                Assert.Equal(expected.Values.OrderDescending().Take(shown.Count), shown.Select(option => option.Count).OrderDescending());
                Assert.True(shown.Count >= Math.Min(36, expected.Count), $"{told}: {shown.Count} of {expected.Count} values of {facet.Key.Name}");
            }

            var (sort, falling, skip, size) = (random.GetItems(Enum.GetValues<CatalogSort>(), 1)[0], random.Next(2) == 0, random.Next(3) == 0 ? random.Next(found.Count + 2) : 0, 1 + random.Next(60));
            var ordered = BruteForce.Order(found, sort, falling).ToList();
            Assert.Equal(ordered.Skip(skip).Take(size).Select(model => model.Id), search.Page(sort, falling, null, skip, size).Select(document => snapshot.Ids[document]));
            if (ordered is []) continue;
            var last = random.Next(ordered.Count);
            var cursor = CatalogCursor.At(snapshot, sort, snapshot.DocumentOf(ordered[last].Id)).StandingIn(snapshot, sort, falling);
            Assert.Equal(ordered.Skip(last + 1).Take(size).Select(model => model.Id), search.Page(sort, falling, cursor, 0, size).Select(document => snapshot.Ids[document]));
        }
    }

    private static CatalogSnapshot Build(IEnumerable<SampleModel> models)
    {
        var builder = new SnapshotBuilder(SampleModel.AllTerms);
        Fill(builder, models);
        return builder.Build(1);
    }

    /// <summary>Changes, adds and takes away some models.</summary>
    private static CatalogSnapshot Change(Random random, CatalogSnapshot older, Dictionary<int, SampleModel> models, int changes)
    {
        var builder = new SnapshotBuilder(SampleModel.AllTerms, older);
        var ids = models.Keys.ToList();
        foreach (var id in ids.Where(_ => random.Next(ids.Count) < changes / 6)) if (models.Remove(id)) builder.Remove(id);
        List<SampleModel> changed = [];
        foreach (var id in models.Keys.Where(_ => random.Next(ids.Count) < changes / 2)) changed.Add(SampleModel.Make(random, id) with { Name = random.Next(2) == 0 ? models[id].Name : $"renamed/n{id}-{random.Next(99)}" });
        var next = (older.Ids is [.., var last] ? last : 0) + 1;
        changed.AddRange(Enumerable.Range(next, changes / 3).Select(id => SampleModel.Make(random, id)));
        changed.Sort((left, right) => left.Id.CompareTo(right.Id));
        foreach (var model in changed) models[model.Id] = model;
        // Counters of a model that had them and has none any more stay: in the database they do too.
        foreach (var model in changed.Where(model => model.Counters is null && older.DocumentOf(model.Id) >= 0)) models[model.Id] = model with { Counters = (1, 2, 3) };
        Fill(builder, changed.Select(model => models[model.Id]));
        return builder.Build(older.Rev + 1);
    }

    private static void Fill(SnapshotBuilder builder, IEnumerable<SampleModel> models)
    {
        var row = new IndexedModel();
        foreach (var model in models)
        {
            model.CopyTo(row, SampleModel.AllTerms);
            Assert.True(builder.Set(row));
            if (model.Counters is { } counters) builder.Count(model.Id, counters.Downloads, counters.Likes, counters.Trending);
        }
    }
}
