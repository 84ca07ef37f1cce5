using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ModelAtlas.Web.Catalog;

/// <summary>Where an API page ended, opaque to its reader: the order it was in, the last row's value and id.</summary>
internal sealed record CatalogCursor(string Value, int Id)
{
    private const int Longest = 1_000;
    private const char Mark = '\n';

    public static string Write(CatalogView view, CatalogRow last) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(
        Mark, Order(view), last.Id.ToString(CultureInfo.InvariantCulture), view.Sort.Key().Write(last, view.Descending))));

    public static bool TryRead(string text, CatalogView view, [NotNullWhen(true)] out CatalogCursor? cursor)
    {
        cursor = null;
        if (text.Length > Longest || !Base64Url.IsValid(text)) return false;
        if (Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(Mark, 3) is not [var order, var id, var value]) return false;
        if (order != Order(view) || !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || value.Contains('\0', StringComparison.Ordinal)) return false;
        if (!view.Sort.Key().CanRead(value)) return false;
        cursor = new(value, number);
        return true;
    }

    private static string Order(CatalogView view) => $"{view.Sort.Id()} {(view.Descending ? "desc" : "asc")}";
}
