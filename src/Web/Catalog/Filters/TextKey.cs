using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>Free text: every word must be in the name or the summary.</summary>
public sealed record TextKey(string Name, string Label) : FilterKey(Name, Label)
{
    private const int MostWords = 8;

    public override bool IsList => false;

    public override string Allowed => $"text of at most {MostWords} words and {LongestValue} characters";

    public override string Describe(string value) => $"“{value}”";

    public override string? Read(string value) =>
        PlainText.Clean(value) is { Length: > 0 and <= LongestValue } text && Words(text).Length <= MostWords ? text : null;

    public override Task<Expression<Func<CatalogModel, bool>>> WhereAsync(AtlasDbContext db, IReadOnlyList<string> values, CancellationToken cancellationToken) =>
        Task.FromResult(values.SelectMany(Words).Select(Contains).Aggregate((all, next) => all.And(next)));

    private static Expression<Func<CatalogModel, bool>> Contains(string word)
    {
        var pattern = $"%{EscapeLike(word)}%";
        return model => EF.Functions.ILike(model.RepoId, pattern, @"\") || (model.Summary != null && EF.Functions.ILike(model.Summary, pattern, @"\"));
    }

    /// <summary>For LIKE with a backslash as its escape.</summary>
    public static string EscapeLike(string word) =>
        word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
