using System.Globalization;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Types;

/// <summary>What the catalogue says of one kind of model as a whole.</summary>
public sealed record KindNumbers(Openness Kind, int All)
{
    public required int Models { get; init; }
    public required int Established { get; init; }
    public required int OpenRecipe { get; init; }
    public required int WithData { get; init; }
    public required int WithPaper { get; init; }
    public required int MayModify { get; init; }
    public required int WithoutUseList { get; init; }
    public required int Publishers { get; init; }
    public required int ReadyFormat { get; init; }
    public required int Services { get; init; }

    /// <summary>Which can be asked on this site's playground now.</summary>
    public required int Hosted { get; init; }

    /// <summary>Whose size is known, and which of them fit into this site's memory; null where nobody says how much that is.</summary>
    public required (int Sized, int Fit)? Room { get; init; }
    public required int NotGated { get; init; }
    public required int GateKnown { get; init; }
    public required int Dated { get; init; }
    public required int Fresh { get; init; }
    public required long? MedianLikes { get; init; }
    public required long? MedianParameters { get; init; }
    public required IReadOnlyList<(string Task, int Models)> Tasks { get; init; }
    public required KindSample Sample { get; init; }

    /// <summary>Filter value of the year that <see cref="Fresh"/> is counted over.</summary>
    public required string Year { get; init; }

    public CatalogFilter Filter => Of(Kind);

    /// <summary>A service has no repository that could be updated: the day it came out counts.</summary>
    public string DateKey => Kind == Openness.Closed ? "created" : "updated";

    internal static KindNumbers Count(CatalogSnapshot snapshot, Openness kind, KindSample sample)
    {
        var filter = Of(kind);
        using var search = new CatalogSearch(snapshot, filter);
        var year = (snapshot.AsOf ?? DateTime.UnixEpoch).AddYears(-1).ToString("yyyy-MM-dd'..'", CultureInfo.InvariantCulture);
        var date = kind == Openness.Closed ? "created" : "updated";
        int Number(string key, params string[] values)
        {
            using var narrower = new CatalogSearch(snapshot, filter.With(key, values));
            return narrower.Total;
        }
        return new(kind, snapshot.Live.Count)
        {
            Models = search.Total,
            Established = Number("conf", "established"),
            WithData = Number("data", "yes", "partial"),
            OpenRecipe = Number("rung", "open-source", "open-source-open-data"),
            WithPaper = Papers(snapshot, kind),
            MayModify = Number("may", "modify"),
            WithoutUseList = Number("no", "use-list"),
            Publishers = search.Top(Column.Author, null, Math.Max(1, snapshot.Authors.Count)).Count,
            ReadyFormat = Number("fmt", "safetensors", "gguf", "onnx"),
            Services = Number("state", RepoState.Service.Id()),
            Hosted = Number("hosted", "yes"),
            Room = snapshot.Local.Room is null ? null : (Number("fit", "yes", "tight", "no"), Number("fit", "yes", "tight")),
            NotGated = Number("gated", "no"),
            GateKnown = Number("gated", "no", "yes"),
            Dated = Number(date, "2000.."),
            Fresh = Number(date, year),
            MedianLikes = Median(snapshot, search, kind, CatalogSort.Likes),
            MedianParameters = Median(snapshot, search, kind, CatalogSort.Params),
            Tasks = [.. search.Top(Column.Task, null, MostTasks).Select(task => (Name: snapshot.Terms.Name(snapshot[Column.Task].Values[task.Value]), task.Count)).Where(task => task.Name is not null).Select(task => (task.Name ?? "", task.Count))],
            Year = year,
            Sample = sample,
        };
    }

    private const int MostTasks = 4;

    private static CatalogFilter Of(Openness kind) => CatalogFilter.All.With("class", ((Openness?)kind).Id() ?? "");

    private static int Papers(CatalogSnapshot snapshot, Openness kind)
    {
        const string Paper = "arxiv:";
        using var work = new Workspace(snapshot.Documents);
        var tags = snapshot[Column.Tag];
        List<DocSet> tagged = [.. Enumerable.Range(0, tags.Values.Count)
            .Where(tag => snapshot.Terms.Name(tags.Values[tag])?.StartsWith(Paper, StringComparison.Ordinal) is true)
            .Select(tag => tags.Lists[tag])];
        return work.Intersection([snapshot[Column.Class].Of((int)kind), work.Union(tagged), snapshot.Live]).Count;
    }

    /// <summary>Over those that have a number.</summary>
    private static long? Median(CatalogSnapshot snapshot, CatalogSearch search, Openness kind, CatalogSort sort)
    {
        using var work = new Workspace(snapshot.Documents);
        var valued = work.Intersection([snapshot[Column.Class].Of((int)kind), snapshot[sort].Within(0, long.MaxValue, work), snapshot.Live]).Count;
        return valued > 0 && search.Page(sort, falling: true, null, valued / 2, 1) is [var middle] ? snapshot[sort].ValueOf(middle) : null;
    }
}

/// <summary>How many of the most downloaded models of a kind others have made something from.</summary>
public sealed record KindSample(int Models, int WithDerivatives);
