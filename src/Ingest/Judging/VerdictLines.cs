using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Ingest.Judging;

/// <summary>A verdict as one JSON line, in the shape that <c>./atlas classify</c> promises.</summary>
public static class VerdictLines
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./"u8);
    private static readonly JsonWriterOptions Unchecked = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line of a model.</summary>
    public static void Write(IBufferWriter<byte> output, string id, Verdict verdict)
    {
        using (var json = new Utf8JsonWriter(output, Unchecked))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            Write(json, verdict);
        }
        output.Write("\n"u8);
    }

    /// <summary>The line of a model: its id before a body that other models share.</summary>
    /// <param name="id">UTF-8.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> id, ReadOnlySpan<byte> body)
    {
        var name = id.ContainsAnyExcept(Plain) ? JsonEncodedText.Encode(id, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes : id;
        var before = "{\"id\":\""u8;
        var behind = "\","u8;
        var line = output.GetSpan(before.Length + name.Length + behind.Length + body.Length);
        before.CopyTo(line);
        name.CopyTo(line[before.Length..]);
        behind.CopyTo(line[(before.Length + name.Length)..]);
        body.CopyTo(line[(before.Length + name.Length + behind.Length)..]);
        output.Advance(before.Length + name.Length + behind.Length + body.Length);
    }

    /// <summary>All of the line behind the id.</summary>
    public static byte[] Body(Verdict verdict)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output, Unchecked))
        {
            json.WriteStartObject();
            Write(json, verdict);
        }
        output.Write("\n"u8);
        return output.WrittenSpan[1..].ToArray(); // without the brace, which stands before the id
    }

    private static void Write(Utf8JsonWriter json, Verdict verdict)
    {
        json.WriteString("class"u8, Word(verdict.Class));
        json.WriteString("basis"u8, Word(verdict.Basis));
        json.WriteString("lens"u8, verdict.Lens);
        json.WriteString("rung"u8, Word(verdict.Rung));
        json.WriteStartObject("license"u8);
        Strings(json, "declared"u8, verdict.License.Declared);
        json.WriteString("effective"u8, verdict.License.Effective);
        json.WriteString("family"u8, verdict.License.Family);
        json.WriteString("source"u8, verdict.License.Source);
        Strings(json, "conflicts"u8, verdict.License.Conflicts);
        json.WriteEndObject();
        json.WriteStartObject("axes"u8);
        json.WriteString("weights"u8, verdict.Axes.Weights);
        json.WriteString("license"u8, verdict.Axes.License);
        json.WriteString("code"u8, verdict.Axes.Code);
        json.WriteString("data"u8, verdict.Axes.Data);
        json.WriteEndObject();
        json.WriteStartArray("reasons"u8);
        foreach (var reason in verdict.Reasons) Write(json, reason);
        json.WriteEndArray();
        Strings(json, "missing"u8, verdict.Missing);
        json.WriteString("rules"u8, verdict.RuleVersion);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Reason reason)
    {
        json.WriteStartObject();
        json.WriteString("rule"u8, reason.Rule);
        json.WriteString("text"u8, reason.Text);
        json.WriteStartArray("evidence"u8);
        foreach (var item in reason.Evidence) Write(json, item);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EvidenceItem item)
    {
        json.WriteStartObject();
        json.WriteString("axis"u8, Word(item.Axis));
        json.WriteString("state"u8, item.State);
        json.WriteString("source"u8, item.Source);
        if (item.Locator is { } locator) json.WriteString("locator"u8, locator);
        if (item.Quote is { } quote) json.WriteString("quote"u8, quote);
        if (item.Revision is { } revision) json.WriteString("revision"u8, revision);
        if (item.ObservedAt is { } seen) json.WriteString("observed"u8, seen.UtcDateTime);
        json.WriteString("extractor"u8, item.Extractor);
        json.WriteString("strength"u8, item.Strength switch { Strength.Read => "read", Strength.Claimed => "claimed", _ => "inferred" });
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static string? Word(Openness? openness) => openness switch
    {
        Openness.OpenSource => "open-source",
        Openness.OpenWeights => "open-weights",
        Openness.Closed => "closed",
        _ => null,
    };

    private static string Word(Basis basis) => basis switch
    {
        Basis.Verified => "verified",
        Basis.Evidenced => "evidenced",
        Basis.Claimed => "claimed",
        Basis.Inferred => "inferred",
        _ => "not-established",
    };

    private static string? Word(Rung? rung) => rung switch
    {
        Rung.WeightsAvailable => "weights-available",
        Rung.OpenWeights => "open-weights",
        Rung.OpenSource => "open-source",
        Rung.OpenSourceOpenData => "open-source-open-data",
        _ => null,
    };

    private static string Word(Axis axis) => axis switch
    {
        Axis.Weights => "weights",
        Axis.License => "license",
        Axis.CodeTraining => "code-training",
        Axis.CodeInference => "code-inference",
        Axis.Data => "data",
        _ => "base",
    };
}
