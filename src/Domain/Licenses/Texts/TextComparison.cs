namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>A stretch where the texts differ: words of the known text that are missing, words of the input that are not in it, or both.</summary>
internal readonly record struct Difference(int KnownFrom, int KnownTo, int InputFrom, int InputTo)
{
    public int Missing => KnownTo - KnownFrom;
    public int Added => InputTo - InputFrom;
}

/// <summary>An input held against one known text, word by word and in both directions.</summary>
internal sealed class TextComparison
{
    private readonly List<Difference> _differences = [];
    private readonly bool[] _absent;

    private TextComparison(KnownText known, WordedText input, int[] inputOf)
    {
        Known = known;
        Input = input;
        InputOf = inputOf;
        _absent = AbsentParts();
        Matched = inputOf.Count(at => at >= 0);
        Collect();
    }

    public KnownText Known { get; }
    public WordedText Input { get; }

    /// <summary>For each word of the known text its place in the input, or -1.</summary>
    public int[] InputOf { get; }

    public int Matched { get; }

    /// <summary>Words that had to be there and are not.</summary>
    public int Missing { get; private set; }

    /// <summary>Words that are in the input only and are no name, notice, heading or list number.</summary>
    public int Added { get; private set; }

    public IReadOnlyList<Difference> Differences => _differences;

    public bool IsExact => _differences.Count is 0 && Matched > 0;

    /// <summary>Words that speak for this text less those that speak against it. That its beginning or end is missing says little: it may have been cut off.</summary>
    public double Fit => Matched - Added - _differences.Sum(difference => difference.KnownFrom is 0 || difference.KnownTo == Known.Length ? difference.Missing / 8.0 : difference.Missing);

    public double Similarity => Matched is 0 ? 0 : 2.0 * Matched / ((2.0 * Matched) + Missing + Added);

    public static TextComparison Of(KnownText known, WordedText input, int[] inputGrams) => new(known, input, TextAligner.Align(known.Grams, inputGrams));

    /// <summary>An optional part that is not there at all is no difference; the heading never is.</summary>
    private bool[] AbsentParts()
    {
        var absent = new bool[Known.Length];
        foreach (var section in Known.Sections)
        {
            var there = 0;
            for (var i = section.Start; i < section.End; i++) there += InputOf[i] >= 0 ? 1 : 0;
            if (section.Kind is SectionKind.Title || (section.Kind is SectionKind.Optional && there <= 4 && there < section.End - section.Start))
            {
                Array.Fill(absent, true, section.Start, section.End - section.Start);
            }
        }
        return absent;
    }

    private void Collect()
    {
        var body = Known.Sections.Where(section => section.Kind is SectionKind.Required).ToList();
        var bodyStart = body is [var first, ..] ? first.Start : 0;
        var bodyEnd = body is [.., var last] ? last.End : Known.Length;
        var knownFrom = 0;
        var inputFrom = 0;
        for (var known = 0; known <= Known.Length; known++)
        {
            var input = known == Known.Length ? Input.Words.Count : InputOf[known];
            if (input < 0) continue;
            if (known > knownFrom || input > inputFrom) Consider(knownFrom, known, inputFrom, input, bodyStart, bodyEnd);
            (knownFrom, inputFrom) = (known + 1, input + 1);
        }
    }

    private void Consider(int knownFrom, int knownTo, int inputFrom, int inputTo, int bodyStart, int bodyEnd)
    {
        var missing = 0;
        for (var i = knownFrom; i < knownTo; i++) missing += _absent[i] ? 0 : 1;
        var added = inputTo - inputFrom;
        if (added > 0 && missing is 0 && IsHarmless(knownFrom, knownTo, inputFrom, inputTo, bodyStart, bodyEnd)) added = 0;
        if (missing is 0 && added is 0) return;
        Missing += missing;
        Added += added;
        _differences.Add(new(missing > 0 ? knownFrom : knownTo, knownTo, inputFrom, inputTo));
    }

    private bool IsHarmless(int knownFrom, int knownTo, int inputFrom, int inputTo, int bodyStart, int bodyEnd)
    {
        var words = Enumerable.Range(inputFrom, inputTo - inputFrom).Select(at => Input.Words[at]).ToList();
        if (words.TrueForAll(word => word.LooksLikeNumber) && knownTo < Known.Length && Known.Numbered[knownTo]) return true;
        var atEdge = knownTo <= bodyStart || knownFrom >= bodyEnd;
        if (atEdge && Fillers.IsHeading(Known.Id, Input, inputFrom, inputTo)) return true;
        foreach (var blank in Known.Blanks)
        {
            if (blank.At < knownFrom || blank.At > knownTo) continue;
            if (blank.Kind is BlankKind.Notice ? Fillers.IsNotice(Known.Id, Input, inputFrom, inputTo) : Fillers.IsName(Known.Id, Input, inputFrom, inputTo)) return true;
        }
        return false;
    }
}
