namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Recognises licence texts by their fingerprints. Never throws, whatever the text.</summary>
public static class LicenseTexts
{
    /// <summary>What is longer is no licence. Whoever fetches one need not read on.</summary>
    public const int LongestFile = 1 << 20;

    private static readonly Lazy<TextIdentifier> Shipped = new(() =>
    {
        using var file = LicenseFiles.Open("fingerprints.bin");
        return new TextIdentifier(FingerprintFile.Read(file));
    });

    /// <summary>Which licence a text is: exact, altered (and what changed) or unknown (and why).</summary>
    public static TextMatch Identify(string text) => Shipped.Value.Identify(text);

    /// <summary>The text with what differs from the known text that it is. One that is none is given back as it is.</summary>
    public static MarkedText Mark(string text) => Shipped.Value.Mark(text);

    /// <inheritdoc cref="Identify(string)"/>
    public static TextMatch Identify(ReadOnlySpan<byte> file) => file.Length > LongestFile ? TextMatch.Unknown("the file is longer than 1 MiB") : Identify(TextBytes.Decode(file));
}
