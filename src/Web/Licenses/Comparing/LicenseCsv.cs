using System.Text;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Web.Licenses.Comparing;

/// <summary>A comparison as a table for spreadsheets: RFC 4180, and no cell that a spreadsheet would take for a formula.</summary>
internal static class LicenseCsv
{
    public static string Write(LicenseComparison comparison, bool differencesOnly)
    {
        var text = new StringBuilder();
        Line(text, ["group", "fact", "differs", .. comparison.Licenses.SelectMany(license => new[] { license.Id, $"{license.Id} clause", $"{license.Id} note" })]);
        foreach (var row in differencesOnly ? comparison.Differences : comparison.Rows)
            Line(text, [row.Tag.Group.Id(), row.Tag.Id, row.Differs ? "yes" : "no", .. row.Cells.SelectMany(cell => new[] { cell.Answer.Id() ?? "", cell.Clause ?? "", cell.Note ?? "" })]);
        return text.ToString();
    }

    private static void Line(StringBuilder text, IReadOnlyList<string> cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    private static string Cell(string value)
    {
        var safe = value is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + value : value;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
