using System.Text;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Authors are the first parts of the models' names, so their names are kept there and nowhere else.</summary>
/// <param name="first">Of each author where the first of their models stands in the order of names, in which their models stand side by side.</param>
internal sealed class AuthorNames(RepoNames names, int[] first)
{
    public int Count => first.Length;

    public string this[int value]
    {
        get
        {
            var name = names.From(first[value]);
            name.Next();
            return Encoding.UTF8.GetString(Part(name.Text));
        }
    }

    public int? Find(string name)
    {
        var wanted = Encoding.UTF8.GetBytes(name + "/");
        var place = names.Place(wanted);
        return Array.BinarySearch(first, place) is >= 0 and var author && StartsWith(place, wanted) ? author : null;
    }

    /// <summary>Numbers the authors of models in the order of their names.</summary>
    public static (AuthorNames Names, int[] Authors) Of(RepoNames names, int documents)
    {
        var (first, authors, last) = (new List<int>(), new int[documents], Array.Empty<byte>());
        for (var name = names.From(0); name.Next();)
        {
            var part = Part(name.Text);
            if (first is [] || !part.SequenceEqual(last))
            {
                first.Add(name.Place - 1);
                last = part.ToArray();
            }
            authors[names.Order[name.Place - 1]] = first.Count - 1;
        }
        return (new(names, [.. first]), authors);
    }

    private bool StartsWith(int place, ReadOnlySpan<byte> wanted)
    {
        var name = names.From(place);
        return name.Next() && name.Text.StartsWith(wanted);
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> name) => name.IndexOf((byte)'/') is >= 0 and var end ? name[..end] : name;
}
