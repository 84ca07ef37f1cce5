using ModelAtlas.Domain.Classification;

namespace ModelAtlas.Bundle;

/// <summary>One line a model to read with one's own eyes: class, basis, licence and levels, and what is missing.</summary>
internal static class VerdictTable
{
    public static void Write(string path, IReadOnlyDictionary<string, Verdict> verdicts) => File.WriteAllLines(path, verdicts.Select(row => Line(row.Key, row.Value)).Order(StringComparer.Ordinal));

    private static string Line(string id, Verdict verdict) =>
        string.Join(
            '\t',
            verdict.Class?.ToString() ?? "-",
            verdict.Basis,
            id,
            verdict.License.Effective ?? "-",
            verdict.License.Class,
            $"weights {verdict.Axes.Weights}, code {verdict.Axes.Code}, data {verdict.Axes.Data}",
            string.Join(',', verdict.Reasons.Select(reason => reason.Rule)),
            string.Join("; ", verdict.License.Conflicts));
}
