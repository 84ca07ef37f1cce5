using System.Text;

namespace ModelAtlas.Web.Display;

/// <summary>A line of a table for spreadsheets: RFC 4180, and no cell that a spreadsheet would take for a formula.</summary>
internal static class Csv
{
    public static StringBuilder Line(this StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    private static string Cell(string value)
    {
        var safe = value is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + value : value;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
