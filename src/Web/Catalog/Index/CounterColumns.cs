using System.Runtime.InteropServices;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Downloads, likes and trending of all documents, as they are being read.</summary>
internal sealed class CounterColumns
{
    private readonly List<int> _downloads = [], _likes = [], _trending = [];

    public void Append() => Append(SortOrder<int>.None, SortOrder<int>.None, SortOrder<int>.None);

    public void Append(int documents)
    {
        foreach (var column in new[] { _downloads, _likes, _trending })
        {
            CollectionsMarshal.SetCount(column, documents);
            CollectionsMarshal.AsSpan(column).Fill(SortOrder<int>.None);
        }
    }

    /// <summary>As they are in an older snapshot.</summary>
    public void Append(CatalogSnapshot older)
    {
        foreach (var (column, sort) in new[] { (_downloads, CatalogSort.Downloads), (_likes, CatalogSort.Likes), (_trending, CatalogSort.Trending) })
            for (var document = 0; document < older.Documents; document++) column.Add((int?)older[sort].ValueOf(document) ?? SortOrder<int>.None);
    }

    public void Set(int document, long downloads, int likes, int trending) =>
        (_downloads[document], _likes[document], _trending[document]) = (Clamp(downloads), Clamp(likes), Clamp(trending));

    public SortOrder[] Orders(int[] live) => [Order(_downloads, live), Order(_likes, live), Order(_trending, live)];

    private void Append(int downloads, int likes, int trending)
    {
        _downloads.Add(downloads);
        _likes.Add(likes);
        _trending.Add(trending);
    }

    /// <summary>Most counters are small.</summary>
    private static SortOrder Order(List<int> column, int[] live) => column.TrueForAll(static count => count == int.MinValue || short.CreateSaturating(count) == count && count > short.MinValue)
        ? SortOrder<short>.Of([.. column.Select(static count => count == SortOrder<int>.None ? SortOrder<short>.None : (short)count)], [.. live])
        : SortOrder<int>.Of([.. column], [.. live]);

    private static int Clamp(long count) => (int)Math.Clamp(count, -int.MaxValue, int.MaxValue);
}
