using System.IO.Hashing;
using System.Runtime.InteropServices;
using ModelAtlas.Domain.Classification;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Tells whether a judgement is another one: class, basis, licence, conflict, rules, reasons and evidence count; when and at which commit it was seen do not.</summary>
internal static class VerdictHash
{
    public static long Of(Verdict verdict)
    {
        var hash = new XxHash64();
        Add(hash, verdict.RuleVersion, verdict.Class?.ToString(), verdict.Basis.ToString(), verdict.Rung?.ToString());
        Add(hash, verdict.License.Effective, verdict.License.Class, verdict.License.Source, verdict.License.Family);
        foreach (var declared in verdict.License.Declared) Add(hash, declared);
        foreach (var conflict in verdict.License.Conflicts) Add(hash, conflict);
        Add(hash, verdict.Axes.Weights, verdict.Axes.License, verdict.Axes.Code, verdict.Axes.Data);
        foreach (var missing in verdict.Missing) Add(hash, missing);
        foreach (var reason in verdict.Reasons)
        {
            Add(hash, reason.Rule, reason.Text);
            foreach (var item in reason.Evidence) Add(hash, item.Axis.ToString(), item.State, item.Source, item.Locator, item.Quote, item.Extractor, item.Strength.ToString());
        }
        return unchecked((long)hash.GetCurrentHashAsUInt64());
    }

    public static long Of(string text) => unchecked((long)XxHash64.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan())));

    private static void Add(XxHash64 hash, params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            hash.Append(MemoryMarshal.AsBytes(text.AsSpan()));
            hash.Append(text is null ? [1] : [0]);
        }
    }
}
