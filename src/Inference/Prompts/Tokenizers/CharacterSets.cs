namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>Named sets of characters in patterns, as what a class of a .NET expression would hold.</summary>
internal static class CharacterSets
{
    public const string Hexadecimal = "0-9a-fA-F";

    /// <summary>Letters, marks, digits, what joins words, and the circled letters.</summary>
    public const string Word = @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u24B6-\u24E9";

    private const string Alphabetic = @"\p{L}\p{M}\p{Nl}\u24B6-\u24E9";

    private static readonly Dictionary<string, string> _named = new(StringComparer.Ordinal)
    {
        ["letter"] = @"\p{L}",
        ["uppercaseletter"] = @"\p{Lu}",
        ["lowercaseletter"] = @"\p{Ll}",
        ["titlecaseletter"] = @"\p{Lt}",
        ["modifierletter"] = @"\p{Lm}",
        ["otherletter"] = @"\p{Lo}",
        ["mark"] = @"\p{M}",
        ["nonspacingmark"] = @"\p{Mn}",
        ["spacingmark"] = @"\p{Mc}",
        ["enclosingmark"] = @"\p{Me}",
        ["number"] = @"\p{N}",
        ["decimalnumber"] = @"\p{Nd}",
        ["letternumber"] = @"\p{Nl}",
        ["othernumber"] = @"\p{No}",
        ["punctuation"] = @"\p{P}",
        ["connectorpunctuation"] = @"\p{Pc}",
        ["dashpunctuation"] = @"\p{Pd}",
        ["openpunctuation"] = @"\p{Ps}",
        ["closepunctuation"] = @"\p{Pe}",
        ["initialpunctuation"] = @"\p{Pi}",
        ["finalpunctuation"] = @"\p{Pf}",
        ["otherpunctuation"] = @"\p{Po}",
        ["symbol"] = @"\p{S}",
        ["mathsymbol"] = @"\p{Sm}",
        ["currencysymbol"] = @"\p{Sc}",
        ["modifiersymbol"] = @"\p{Sk}",
        ["othersymbol"] = @"\p{So}",
        ["separator"] = @"\p{Z}",
        ["spaceseparator"] = @"\p{Zs}",
        ["lineseparator"] = @"\p{Zl}",
        ["paragraphseparator"] = @"\p{Zp}",
        ["other"] = @"\p{C}",
        ["control"] = @"\p{Cc}",
        ["format"] = @"\p{Cf}",
        ["alphabetic"] = Alphabetic,
        ["alpha"] = Alphabetic,
        ["alnum"] = Alphabetic + @"\p{Nd}",
        ["word"] = Word,
        ["digit"] = @"\p{Nd}",
        ["xdigit"] = Hexadecimal,
        ["upper"] = @"\p{Lu}\u2160-\u216F\u24B6-\u24CF",
        ["uppercase"] = @"\p{Lu}\u2160-\u216F\u24B6-\u24CF",
        ["lower"] = @"\p{Ll}\u00AA\u00BA\u2170-\u217F\u24D0-\u24E9",
        ["lowercase"] = @"\p{Ll}\u00AA\u00BA\u2170-\u217F\u24D0-\u24E9",
        ["space"] = @"\s",
        ["whitespace"] = @"\s",
        ["blank"] = @"\t\p{Zs}",
        ["punct"] = @"\p{P}$+<=>^`|~",
        ["cntrl"] = @"\p{Cc}",
        ["ascii"] = @"\u0000-\u007F",
        ["any"] = @"\s\S",
        ["han"] = @"\u2E80-\u2E99\u2E9B-\u2EF3\u2F00-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFA6D\uFA70-\uFAD9",
        ["hiragana"] = @"\u3041-\u3096\u309D-\u309F",
        ["katakana"] = @"\u30A1-\u30FA\u30FD-\u30FF\u31F0-\u31FF\u32D0-\u32FE\u3300-\u3357\uFF66-\uFF6F\uFF71-\uFF9D",
        ["hangul"] = @"\u1100-\u11FF\u302E\u302F\u3131-\u318E\u3200-\u321E\u3260-\u327E\uA960-\uA97C\uAC00-\uD7A3\uD7B0-\uD7C6\uD7CB-\uD7FB\uFFA0-\uFFBE\uFFC2-\uFFC7\uFFCA-\uFFCF\uFFD2-\uFFD7\uFFDA-\uFFDC",
        ["latin"] = @"A-Za-z\u00AA\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02B8\u02E0-\u02E4\u1D00-\u1D25\u1D2C-\u1D5C\u1D62-\u1D65\u1D6B-\u1D77\u1D79-\u1DBE\u1E00-\u1EFF\u2071\u207F\u2090-\u209C\u212A\u212B\u2132\u214E\u2160-\u2188\u2C60-\u2C7F\uA722-\uA787\uA78B-\uA7DC\uA7F1-\uA7FF\uAB30-\uAB5A\uAB5C-\uAB64\uAB66-\uAB69\uFB00-\uFB06\uFF21-\uFF3A\uFF41-\uFF5A",
        ["greek"] = @"\u0370-\u0373\u0375-\u0377\u037A-\u037D\u037F\u0384\u0386\u0388-\u038A\u038C\u038E-\u03A1\u03A3-\u03E1\u03F0-\u03FF\u1D26-\u1D2A\u1D5D-\u1D61\u1D66-\u1D6A\u1DBF\u1F00-\u1FFE\u2126\uAB65",
        ["cyrillic"] = @"\u0400-\u0484\u0487-\u052F\u1C80-\u1C8A\u1D2B\u1D78\u2DE0-\u2DFF\uA640-\uA69F\uFE2E\uFE2F",
        ["arabic"] = @"\u0600-\u0604\u0606-\u060B\u060D-\u061A\u061C-\u061E\u0620-\u063F\u0641-\u064A\u0656-\u066F\u0671-\u06DC\u06DE-\u06FF\u0750-\u077F\u0870-\u0891\u0897-\u08E1\u08E3-\u08FF\uFB50-\uFD3D\uFD40-\uFDCF\uFDF0-\uFDFF\uFE70-\uFE74\uFE76-\uFEFC",
        ["hebrew"] = @"\u0591-\u05C7\u05D0-\u05EA\u05EF-\u05F4\uFB1D-\uFB4F",
        ["thai"] = @"\u0E01-\u0E3A\u0E40-\u0E5B",
        ["devanagari"] = @"\u0900-\u0950\u0955-\u0963\u0966-\u097F\uA8E0-\uA8FF",
    };

    /// <exception cref="TokenizerException">No set of this name is known.</exception>
    public static string Find(string name)
    {
        var key = string.Concat(name.Replace("Script=", "", StringComparison.Ordinal).Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        if (_named.TryGetValue(key, out var set)) return set;
        return IsCategory(key) ? $@"\p{{{char.ToUpperInvariant(key[0])}{key[1..]}}}" : throw new TokenizerException($"a pattern names the characters '{name}', which are not known here");
    }

    private static bool IsCategory(string key) => key is "l" or "lu" or "ll" or "lt" or "lm" or "lo" or "m" or "mn" or "mc" or "me" or "n" or "nd" or "nl" or "no"
        or "p" or "pc" or "pd" or "ps" or "pe" or "pi" or "pf" or "po" or "s" or "sm" or "sc" or "sk" or "so" or "z" or "zs" or "zl" or "zp" or "c" or "cc" or "cf" or "cs" or "co" or "cn";
}
