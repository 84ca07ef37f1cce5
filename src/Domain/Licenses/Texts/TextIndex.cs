namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Which known texts a group of three words occurs in, to find the few worth comparing.</summary>
internal sealed class TextIndex
{
    private readonly Dictionary<int, List<int>> _textsOf = [];
    private readonly int[] _distinct;

    public TextIndex(FingerprintFile file)
    {
        Texts = file.Texts;
        Vocabulary = file.Vocabulary;
        _distinct = new int[Texts.Count];
        for (var text = 0; text < Texts.Count; text++)
        {
            foreach (var gram in Texts[text].Grams.Distinct())
            {
                if (gram is WordedText.NoGram) continue;
                _distinct[text]++;
                if (!_textsOf.TryGetValue(gram, out var texts)) _textsOf[gram] = texts = [];
                texts.Add(text);
            }
        }
    }

    public IReadOnlyList<KnownText> Texts { get; }
    public IReadOnlySet<uint> Vocabulary { get; }

    /// <summary>The texts that share most with the input, best first, with the share of each that occurs in it.</summary>
    public IReadOnlyList<(KnownText Text, double Share)> Nearest(IReadOnlyCollection<int> grams, int most)
    {
        var distinct = grams.Where(gram => gram is not WordedText.NoGram).ToHashSet();
        var shared = new int[Texts.Count];
        foreach (var gram in distinct)
        {
            if (!_textsOf.TryGetValue(gram, out var texts)) continue;
            foreach (var text in texts) shared[text]++;
        }
        return [.. Enumerable.Range(0, Texts.Count)
            .Where(text => shared[text] > 3)
            .OrderByDescending(text => 2.0 * shared[text] / (_distinct[text] + distinct.Count))
            .Take(most)
            .Select(text => (Texts[text], (double)shared[text] / _distinct[text]))];
    }
}
