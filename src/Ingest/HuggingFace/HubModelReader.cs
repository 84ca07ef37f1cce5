using System.Diagnostics.CodeAnalysis;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Reads one JSON object of any shape the hub or our own tables ever had. Tolerant in every field, strict about the row.</summary>
public static class HubModelReader
{
    public static bool TryRead(
        ReadOnlySpan<byte> json, bool trusted, [NotNullWhen(true)] out HubModel? model, List<string> issues, [NotNullWhen(false)] out string? reason)
    {
        model = null;
        reason = "The reader is not written yet.";
        return false;
    }
}
