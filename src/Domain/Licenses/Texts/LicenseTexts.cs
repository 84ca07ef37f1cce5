namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Recognises licence texts by their fingerprints.</summary>
public static class LicenseTexts
{
    private static readonly Lazy<TextIdentifier> Shipped = new(() =>
    {
        using var file = LicenseFiles.Open("fingerprints.bin");
        return new TextIdentifier(FingerprintFile.Read(file));
    });

    /// <summary>Which licence a text is: exact, altered (and what changed) or unknown (and why). Never throws, whatever the text.</summary>
    public static TextMatch Identify(string text) => Shipped.Value.Identify(text);
}
