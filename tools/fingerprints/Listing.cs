using ModelAtlas.Domain.Licenses.Texts;

namespace ModelAtlas.Tools.Fingerprints;

/// <summary>Shows how each text was taken apart, to check the notes by eye.</summary>
internal static class Listing
{
    public static void Write(FingerprintFile built, IReadOnlyList<(string Id, string Text, TextNotes Notes)> texts)
    {
        foreach (var (known, source) in built.Texts.Zip(texts))
        {
            var words = WordReader.Read(source.Text);
            Console.WriteLine($"{known.Id}: {known.Length} words, {known.Clauses.Length} clauses, blanks {string.Join(' ', known.Blanks.Select(blank => $"{blank.At}:{blank.Kind}"))}");
            foreach (var section in known.Sections) Console.WriteLine($"    {section.Kind} {section.Start}-{section.End}");
            Console.WriteLine($"    starts: {words.Quote(0, Math.Min(30, words.Words.Count), 200)}");
        }
    }
}
