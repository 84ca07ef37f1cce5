namespace ModelAtlas.Domain.Licenses.Texts;

internal enum SectionKind : byte
{
    /// <summary>Every word must be there.</summary>
    Required,

    /// <summary>All of it or none of it: an appendix, instructions, a preface that is no part of the licence.</summary>
    Optional,

    /// <summary>The heading. People write it in many ways, so its own words need not be there.</summary>
    Title,
}

internal readonly record struct Section(int Start, int End, SectionKind Kind);

internal enum BlankKind : byte
{
    /// <summary>Copyright notices.</summary>
    Notice,

    /// <summary>The name of a holder, project or organisation.</summary>
    Name,
}

/// <summary>A place, before word <paramref name="At"/>, where each copy says something of its own.</summary>
internal readonly record struct Blank(int At, BlankKind Kind);

/// <summary>Where a sentence starts, the number it stands under, and what it is about.</summary>
internal readonly record struct Clause(int Start, string Number, Topics Topics);

/// <summary>The fingerprint of one licence text: hashes of overlapping groups of words and where its parts begin. The text itself cannot be read from it.</summary>
internal sealed class KnownText
{
    public required string Id { get; init; }

    /// <summary>Licences that its own heading names. A modified MIT licence may well be headed "MIT License".</summary>
    public required string[] CallsItself { get; init; }

    /// <summary>For each word the hash of it and the two after it; <see cref="WordedText.NoGram"/> where a blank lies between.</summary>
    public required int[] Grams { get; init; }

    /// <summary>Where the text has the number of a list entry before the word.</summary>
    public required bool[] Numbered { get; init; }
    public required Section[] Sections { get; init; }
    public required Blank[] Blanks { get; init; }
    public required Clause[] Clauses { get; init; }

    public int Length => Grams.Length;

    public Clause ClauseAt(int word)
    {
        var low = 0;
        var high = Clauses.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Clauses[middle].Start <= word) low = middle;
            else high = middle - 1;
        }
        return Clauses[low];
    }
}
