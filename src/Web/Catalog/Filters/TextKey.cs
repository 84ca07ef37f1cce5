using System.Text;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>Free text: every word must be in the name, the tags or the summary; the last one may go on. What is no word must be in the name as it is.</summary>
public sealed record TextKey(string Name, string Label) : FilterKey(Name, Label)
{
    private const int MostWords = 8;

    public override bool IsList => false;

    public override string Allowed => $"text of at most {MostWords} words and {LongestValue} characters";

    public override string Describe(string value) => $"“{value}”";

    public override string? Read(string value) =>
        PlainText.Clean(value) is { Length: > 0 and <= LongestValue } text && Words(text).Length <= MostWords ? text : null;

    internal override DocSet Find(CatalogSnapshot index, IReadOnlyList<string> values, Workspace work)
    {
        List<DocSet> sets = [.. Words(values[0]).Where(word => !word.Any(char.IsLetterOrDigit)).Select(signs => index.Names.Having(Encoding.UTF8.GetBytes(signs), work))];
        if (index.Text.Find(values[0], work) is { } found) sets.Add(found);
        return sets is [] ? DocSet.Empty : work.Intersection(sets.ToArray());
    }

    /// <summary>For LIKE with a backslash as its escape.</summary>
    public static string EscapeLike(string word) =>
        word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
