namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>What a text does not show by itself: which parts may be left out and where names stand. Passages are given by a few words at each end.</summary>
internal sealed record TextNotes
{
    /// <summary>Words of the heading, where counting them goes wrong.</summary>
    public int? Title { get; init; }
    public IReadOnlyList<Passage> Headings { get; init; } = [];
    public IReadOnlyList<Passage> Optional { get; init; } = [];
    public IReadOnlyList<Passage> Notices { get; init; } = [];
    public IReadOnlyList<Passage> Names { get; init; } = [];

    /// <summary>Why this file is no text of the licence its name says.</summary>
    public string? Skip { get; init; }
}

/// <param name="From">First words of the passage; words before a bar are only there to find the place.</param>
/// <param name="To">Its last words; null for the end of the text.</param>
internal sealed record Passage(string From, string? To);

/// <summary>Makes the fingerprint of a text. Used by <c>tools/fingerprints</c>, never at run time.</summary>
internal static class FingerprintBuilder
{
    private const int ShortestRun = WordedText.GramLength;

    public static FingerprintFile Build(IEnumerable<(string Id, string Text, TextNotes Notes)> texts)
    {
        var vocabulary = new HashSet<uint>();
        var known = new List<KnownText>();
        foreach (var (id, text, notes) in texts)
        {
            known.Add(Build(id, text, notes));
            vocabulary.UnionWith(WordReader.Read(text).Words.Select(word => word.Hash));
        }
        return new(known, vocabulary);
    }

    public static KnownText Build(string id, string text, TextNotes notes)
    {
        var read = WordReader.Read(text);
        var blanks = BlankFinder.Notices(read.Text).Concat(BlankFinder.Placeholders(read.Text))
            .Concat(notes.Notices.Select(passage => (Range: Find(read, id, passage), Kind: BlankKind.Notice)))
            .Concat(notes.Names.Select(passage => (Range: Find(read, id, passage), Kind: BlankKind.Name)))
            .OrderBy(blank => blank.Range.Start.Value).ToList();
        var words = WithoutNumbers(read);
        var kept = new List<Word>();
        var places = new List<Blank>();
        foreach (var word in words)
        {
            var inside = blanks.FindIndex(blank => word.Start >= blank.Range.Start.Value && word.Start < blank.Range.End.Value);
            if (inside < 0) kept.Add(word);
            else if (places is not [.., var last] || last.At != kept.Count) places.Add(new(kept.Count, blanks[inside].Kind));
            else if (blanks[inside].Kind is BlankKind.Notice) places[^1] = last with { Kind = BlankKind.Notice };
        }
        Absorb(kept, places);
        var body = new WordedText(read.Text, kept);
        var grams = body.Grams();
        foreach (var place in places)
        {
            for (var at = Math.Max(0, place.At - 2); at < Math.Min(place.At, grams.Length); at++) grams[at] = WordedText.NoGram;
        }
        return new()
        {
            Id = id,
            CallsItself = [.. SelfName.All(read.Text)],
            Grams = grams,
            Numbered = [.. kept.Select(word => word.AfterNumber)],
            Sections = Sections(body, id, notes),
            Blanks = [.. places],
            Clauses = ClauseFinder.Find(body),
        };
    }

    /// <summary>Numbers that stand at the start of a line without a full stop are list numbers only where the line starts a paragraph; a copy shows that no more.</summary>
    private static List<Word> WithoutNumbers(WordedText read)
    {
        var words = new List<Word>();
        var numbered = false;
        foreach (var word in read.Words)
        {
            var atStart = word.LooksLikeNumber && StartsParagraph(read.Text, word.Start) && char.IsAsciiDigit(read.Text[word.Start]);
            if (!atStart) words.Add(word with { AfterNumber = word.AfterNumber || numbered });
            numbered = atStart;
        }
        return words;
    }

    private static bool StartsParagraph(string text, int at)
    {
        var breaks = 0;
        for (var before = at - 1; before >= 0; before--)
        {
            if (text[before] is '\n') breaks++;
            else if (char.IsLetterOrDigit(text[before]) || text[before] is ',') return breaks >= 2;
            else if (text[before] is '.' or ';' or ':' or '!' or '?') return breaks >= 1;
        }
        return true;
    }

    /// <summary>Runs of one or two words between blanks have no hash of their own; they become part of the blank.</summary>
    private static void Absorb(List<Word> words, List<Blank> blanks)
    {
        for (var i = blanks.Count - 1; i > 0; i--)
        {
            var run = blanks[i].At - blanks[i - 1].At;
            if (run >= ShortestRun) continue;
            words.RemoveRange(blanks[i - 1].At, run);
            blanks[i - 1] = blanks[i - 1] with { Kind = (BlankKind)Math.Min((byte)blanks[i].Kind, (byte)blanks[i - 1].Kind) };
            blanks.RemoveAt(i);
            for (var later = i; later < blanks.Count; later++) blanks[later] = blanks[later] with { At = blanks[later].At - run };
        }
    }

    private static Section[] Sections(WordedText body, string id, TextNotes notes)
    {
        var kinds = new (SectionKind Kind, int Passage)[body.Words.Count];
        Array.Fill(kinds, (SectionKind.Title, 0), 0, Math.Min(notes.Title ?? TitleWords(body), kinds.Length));
        var passages = notes.Headings.Select(passage => (Passage: passage, Kind: SectionKind.Title))
            .Concat(notes.Optional.Select(passage => (Passage: passage, Kind: SectionKind.Optional)))
            .Concat(EndMarks(body)).ToList();
        for (var passage = 0; passage < passages.Count; passage++)
        {
            var range = Find(body, id, passages[passage].Passage);
            for (var i = 0; i < kinds.Length; i++)
            {
                if (body.Words[i].Start >= range.Start.Value && body.Words[i].Start < range.End.Value) kinds[i] = (passages[passage].Kind, passage + 1);
            }
        }
        var sections = new List<Section>();
        for (var i = 0; i < kinds.Length; i++)
        {
            if (sections is [.., var last] && kinds[i - 1] == kinds[i]) sections[^1] = last with { End = i + 1 };
            else sections.Add(new(i, i + 1, kinds[i].Kind));
        }
        return [.. sections];
    }

    private static IEnumerable<(Passage Passage, SectionKind Kind)> EndMarks(WordedText body)
    {
        const string mark = "END OF TERMS AND CONDITIONS";
        return FindWords(body, mark, 0) is null ? [] : [(new(mark, mark), SectionKind.Optional)];
    }

    /// <summary>The heading: the first lines, as long as they are short and end without a full stop.</summary>
    private static int TitleWords(WordedText body)
    {
        var title = 0;
        while (title < Math.Min(body.Words.Count, 40))
        {
            var end = body.Text.IndexOf('\n', body.Words[title].Start);
            if (end < 0) end = body.Text.Length;
            var lineEnd = title;
            while (lineEnd < body.Words.Count && body.Words[lineEnd].Start < end) lineEnd++;
            var line = body.Text[body.Words[title].Start..end].TrimEnd();
            if (lineEnd - title > 14 || line.EndsWith('.') || line.EndsWith(',') || line.EndsWith(';') || line.EndsWith(':') || line.Contains('"', StringComparison.Ordinal)) break;
            if (line.Length > 60) break;
            title = lineEnd;
        }
        return title < 40 ? title : 0;
    }

    private static Range Find(WordedText text, string id, Passage passage)
    {
        var bar = passage.From.IndexOf('|', StringComparison.Ordinal);
        var context = WordReader.Read(passage.From[..Math.Max(0, bar)]).Words.Count;
        var from = FindWords(text, passage.From, 0) ?? throw new InvalidDataException($"{id}: \"{passage.From}\" is not in the text.");
        var start = text.Words[from.Start + context].Start;
        if (passage.To is null) return start..text.Text.Length;
        var to = FindWords(text, passage.To, from.Start + context) ?? throw new InvalidDataException($"{id}: \"{passage.To}\" does not follow \"{passage.From}\".");
        return start..(text.Words[to.End - 1].Start + text.Words[to.End - 1].Length);
    }

    private static (int Start, int End)? FindWords(WordedText text, string phrase, int from)
    {
        var wanted = WordReader.Read(phrase).Words;
        for (var at = from; at + wanted.Count <= text.Words.Count; at++)
        {
            var i = 0;
            while (i < wanted.Count && text.Words[at + i].Hash == wanted[i].Hash) i++;
            if (i == wanted.Count) return (at, at + i);
        }
        return null;
    }
}
