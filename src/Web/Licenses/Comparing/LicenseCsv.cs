using System.Text;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Licenses.Comparing;

/// <summary>A comparison as a table for spreadsheets.</summary>
internal static class LicenseCsv
{
    public static string Write(LicenseComparison comparison, bool differencesOnly)
    {
        var text = new StringBuilder();
        text.Line(["group", "fact", "differs", .. comparison.Licenses.SelectMany(license => new[] { license.Id, $"{license.Id} clause", $"{license.Id} note" })]);
        foreach (var row in differencesOnly ? comparison.Differences : comparison.Rows)
            text.Line([row.Tag.Group.Id(), row.Tag.Id, row.Differs ? "yes" : "no", .. row.Cells.SelectMany(cell => new[] { cell.Answer.Id() ?? "", cell.Clause ?? "", cell.Note ?? "" })]);
        return text.ToString();
    }
}
