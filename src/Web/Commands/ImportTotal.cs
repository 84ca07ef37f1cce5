using System.Globalization;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Files;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Web.Commands;

/// <summary>What became of the rows of one import, file by file and together.</summary>
internal sealed class ImportTotal
{
    private readonly Dictionary<string, long> _reasons = new(StringComparer.Ordinal);
    private PageResult _written = PageResult.None;

    public IEnumerable<(string Reason, long Count)> Reasons =>
        _reasons.OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal).Select(reason => (reason.Key, reason.Value));

    public string Add(ImportReport report)
    {
        _written += report.Written;
        foreach (var (reason, count) in report.Reasons) _reasons[reason] = _reasons.GetValueOrDefault(reason) + count;
        var kind = report.Kind switch { ElementKind.Dataset => "datasets", ElementKind.Card => "cards", _ => "models" };
        var resumed = report.Before == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (went on after row {report.Before})");
        return string.Create(CultureInfo.InvariantCulture, $"{report.File.Name}: {kind} of {report.File.ObservedAt:yyyy-MM-dd}, {Numbers(report.Written, report.Elapsed)}{resumed}");
    }

    public string Line(int files, TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture, $"total: {files} files, {Numbers(_written, elapsed)}");

    private static string Numbers(PageResult written, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"read {written.Total}, stored {written.Stored}, merged {written.Merged}, unchanged {written.Unchanged}, quarantined {written.Quarantined}, {written.Total / Math.Max(elapsed.TotalSeconds, 0.001):0} rows/s");
}
