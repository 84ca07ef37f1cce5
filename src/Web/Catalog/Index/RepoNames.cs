using System.Text;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The names of the models that count, in the order of their bytes.</summary>
internal sealed class RepoNames
{
    private readonly SortedTexts _texts;
    private readonly int[] _places;

    private RepoNames(SortedTexts texts, int[] order, int documents)
    {
        (_texts, Order, _places) = (texts, order, new int[documents]);
        for (var place = 0; place < order.Length; place++) _places[order[place]] = place;
    }

    /// <summary>Documents in the order of their names.</summary>
    public int[] Order { get; }

    /// <summary>Of each document where it stands in that order.</summary>
    public SortOrder<int> Places => SortOrder<int>.OfPlaces(_places, Order);

    public string Text(int document)
    {
        var name = From(_places[document]);
        name.Next();
        return Encoding.UTF8.GetString(name.Text);
    }

    public bool Has(int document, ReadOnlySpan<byte> name)
    {
        var known = From(_places[document]);
        return known.Next() && known.Text.SequenceEqual(name);
    }

    public SortedTexts.Walk From(int place) => _texts.From(place);

    /// <summary>How many names come before this one; with <paramref name="isAfter"/> the name itself counts.</summary>
    public int Place(ReadOnlySpan<byte> wanted, bool isAfter = false) => _texts.Place(wanted, isAfter);

    /// <summary>The document of this name.</summary>
    public int? Find(ReadOnlySpan<byte> name)
    {
        var place = Place(name);
        if (place >= Order.Length) return null;
        var known = From(place);
        return known.Next() && known.Text.SequenceEqual(name) ? Order[place] : null;
    }

    /// <summary>Documents that have this in their names.</summary>
    public DocSet Having(ReadOnlySpan<byte> part, Workspace work)
    {
        var found = new DocUnion(work);
        for (var names = From(0); names.Next();)
            if (names.Text.IndexOf(part) >= 0) found.Add(Order.AsSpan(names.Place - 1, 1), isRising: false);
        return found.Build();
    }

    /// <summary>Of names that are new, and of older ones that still hold.</summary>
    /// <param name="fresh">New names, and whose they are.</param>
    /// <param name="documents">How many documents there are now, with those that do not count.</param>
    public static RepoNames Of(NameTable fresh, List<int> whose, RepoNames? older, Func<int, bool> holds, int documents)
    {
        var sorted = fresh.Order([.. Enumerable.Range(0, fresh.Count)]);
        var (texts, order) = (new SortedTexts.Builder(), new List<int>((older?.Order.Length ?? 0) + sorted.Length));
        var next = 0;
        void TakeFresh()
        {
            texts.Add(fresh[sorted[next]]);
            order.Add(whose[sorted[next++]]);
        }

        if (older is not null)
            for (var names = older.From(0); names.Next();)
            {
                var document = older.Order[names.Place - 1];
                if (!holds(document)) continue;
                while (next < sorted.Length && IsBefore(fresh[sorted[next]], whose[sorted[next]], names.Text, document)) TakeFresh();
                texts.Add(names.Text);
                order.Add(document);
            }
        while (next < sorted.Length) TakeFresh();
        return new(texts.Build(), [.. order], documents);
    }

    private static bool IsBefore(ReadOnlySpan<byte> name, int document, ReadOnlySpan<byte> other, int otherDocument) =>
        name.SequenceCompareTo(other) is var compared && (compared != 0 ? compared < 0 : document < otherDocument);
}
