using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Bundle;

/// <summary>One line a model to read with one's own eyes: class, basis, licence and levels, and what is missing.</summary>
internal static class VerdictTable
{
    public static void Write(string path, IEnumerable<HubModel> rows) => File.WriteAllLines(path, rows.Select(Line).Order(StringComparer.Ordinal));

    private static string Line(HubModel row)
    {
        var verdict = Shipped.Verdict(row);
        return string.Join(
            '\t',
            verdict.Class?.ToString() ?? "-",
            verdict.Basis,
            row.Id,
            verdict.License.Effective ?? "-",
            verdict.License.Class,
            $"weights {verdict.Axes.Weights}, code {verdict.Axes.Code}, data {verdict.Axes.Data}",
            string.Join(',', verdict.Reasons.Select(reason => reason.Rule)),
            string.Join("; ", verdict.License.Conflicts));
    }
}
