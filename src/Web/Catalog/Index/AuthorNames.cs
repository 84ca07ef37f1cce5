using System.Text;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Authors are the first parts of the models' names, so their names are kept there and nowhere else.</summary>
/// <param name="first">For each author a model of theirs; authors in the order of their names.</param>
internal sealed class AuthorNames(NameTable names, int[] first)
{
    public int Count => first.Length;

    public string this[int value] => Encoding.UTF8.GetString(Part(names[first[value]]));

    public int? Find(string name)
    {
        var wanted = Encoding.UTF8.GetBytes(name + "/");
        var (low, high) = (0, first.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (Compare(names[first[middle]], wanted) < 0) low = middle + 1;
            else high = middle;
        }
        return low < first.Length && Compare(names[first[low]], wanted) == 0 ? low : null;
    }

    /// <summary>Numbers the authors of models in the order of their names.</summary>
    public static (AuthorNames Names, int[] Authors) Of(NameTable names, int[] order)
    {
        var (first, authors) = (new List<int>(), new int[names.Count]);
        foreach (var document in order)
        {
            if (first is [] || !Part(names[first[^1]]).SequenceEqual(Part(names[document]))) first.Add(document);
            authors[document] = first.Count - 1;
        }
        return (new(names, [.. first]), authors);
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> name) => name.IndexOf((byte)'/') is >= 0 and var end ? name[..end] : name;

    /// <summary>As the names sort: the mark that ends an author counts.</summary>
    private static int Compare(ReadOnlySpan<byte> name, ReadOnlySpan<byte> author) => name[..Math.Min(name.Length, Part(name).Length + 1)].SequenceCompareTo(author);
}
