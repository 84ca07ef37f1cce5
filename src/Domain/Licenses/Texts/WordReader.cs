using System.Globalization;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>
/// Reads the words of a text so that the same clause reads the same however it is wrapped, quoted, commented out, bulleted or numbered. Case, quotes, dashes, punctuation,
/// list numbers and spelling variants do not count; every other word and number does.
/// </summary>
internal sealed class WordReader
{
    private readonly string _text;
    private readonly List<Word> _words = [];
    private readonly char[] _buffer = new char[64];
    private string _last = "";
    private string _prefix = "";
    private int _prefixStart;
    private bool _afterNumber;

    private WordReader(string text) => _text = text;

    public static WordedText Read(string text)
    {
        var plain = PlainText.Of(text);
        var reader = new WordReader(plain);
        reader.Scan();
        return new(plain, reader._words);
    }

    private void Scan()
    {
        var at = 0;
        while (at < _text.Length)
        {
            var end = EndOfWord(at);
            if (end > at)
            {
                Take(at, end);
                at = end;
            }
            else at++;
        }
        FlushPrefix();
    }

    private int EndOfWord(int at)
    {
        var first = _text[at];
        if (IsIdeograph(first) || first is '%' or '$' or '€' or '£' or '¥' or '©') return at + 1;
        if (!IsWordStart(at)) return at;
        var end = at + 1;
        while (end < _text.Length && Continues(end)) end++;
        return end;
    }

    private bool IsWordStart(int at) =>
        char.IsLetterOrDigit(_text[at]) || (IsInvisible(_text[at]) && at + 1 < _text.Length && char.IsLetterOrDigit(_text[at + 1]) && !IsIdeograph(_text[at + 1]));

    private bool Continues(int at)
    {
        var letter = _text[at];
        if (IsIdeograph(letter)) return false;
        if (char.IsLetterOrDigit(letter) || letter is '+' || char.IsSurrogate(letter) || IsInvisible(letter)) return true;
        if (at + 1 >= _text.Length) return false;
        var next = _text[at + 1];
        return letter switch
        {
            '.' or ',' => char.IsAsciiDigit(_text[at - 1]) && char.IsAsciiDigit(next),
            '\'' or '\u2019' or '\u2018' or '`' or '\u00b4' or '\u02bc' => char.IsLetter(_text[at - 1]) && char.IsLetter(next) && !IsIdeograph(next),
            _ => CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark,
        };
    }

    private void Take(int start, int end)
    {
        var word = Even(start, end);
        if (word is "http" or "https" && CharAt(end) is ':') return;
        if (word is "www" && CharAt(end) is '.') return;
        if (word is "c" && CharAt(start - 1) is '(' && CharAt(end) is ')')
        {
            if (_last is "copyright") return;
            if (StartsNotice(end + 1))
            {
                Add("copyright", start, end);
                return;
            }
        }
        if (ListNumbers.IsOne(_text, start, end, word, _last))
        {
            FlushPrefix();
            _afterNumber = true;
            return;
        }
        if (word is "©" or "copyright" && _last is "copyright") return;
        if (word is "non" or "sub")
        {
            FlushPrefix();
            (_prefix, _prefixStart) = (word, start);
            return;
        }
        Add(_last is "copyright" && word is "owner" or "owners" ? word.Replace("owner", "holder", StringComparison.Ordinal) : word is "©" ? "copyright" : word, start, end);
    }

    /// <summary>The word in lower case, without apostrophes and thousands separators, in one spelling.</summary>
    private string Even(int start, int end)
    {
        var buffer = end - start <= _buffer.Length ? _buffer : new char[end - start];
        var length = 0;
        for (var i = start; i < end; i++)
        {
            if (_text[i] is not ('\'' or '\u2019' or '\u2018' or '`' or '\u00b4' or '\u02bc' or ',')) buffer[length++] = char.ToLowerInvariant(_text[i]);
        }
        var span = buffer.AsSpan(0, length);
        return Spelling.Even(span);
    }

    private void FlushPrefix()
    {
        if (_prefix.Length is 0) return;
        var prefix = _prefix;
        _prefix = "";
        Append(prefix, _prefixStart, _prefixStart + prefix.Length);
    }

    private void Add(string word, int start, int end)
    {
        if (_prefix.Length is 0) Append(word, start, end);
        else
        {
            var joined = Spelling.Even(_prefix + word);
            start = _prefixStart;
            _prefix = "";
            Append(joined, start, end);
        }
    }

    private void Append(string word, int start, int end)
    {
        _words.Add(new(Word.HashOf(word), start, end - start, _afterNumber, ListNumbers.LooksLikeOne(word)));
        _last = word;
        _afterNumber = false;
    }

    private bool StartsNotice(int at)
    {
        while (at < _text.Length && char.IsWhiteSpace(_text[at])) at++;
        return CharAt(at) is '[' or '<' or '{' || char.IsAsciiDigit(CharAt(at));
    }

    private char CharAt(int at) => at >= 0 && at < _text.Length ? _text[at] : '\n';

    private static bool IsInvisible(char letter) => CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.Format;

    private static bool IsIdeograph(char letter) => letter is >= '\u2E80' and <= '\u2FDF' or >= '\u3040' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7AF' or >= '\uF900' and <= '\uFAFF';
}
