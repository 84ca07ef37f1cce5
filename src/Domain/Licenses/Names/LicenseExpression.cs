using System.Collections.Frozen;

namespace ModelAtlas.Domain.Licenses.Names;

/// <summary>
/// Reads <c>MIT OR (Apache-2.0 AND cc-by-4.0)</c>, <c>mit, apache-2.0</c>, <c>Apache-2.0 WITH LLVM-exception</c> and free text. Every word must be part of a name, of an
/// operator or of no meaning: what is left over makes its part unknown, so that "MIT, non-commercial" is never "mit". A list binds loosest and all of it applies.
/// </summary>
internal sealed class LicenseExpression(IReadOnlyList<string> words, LicenseNames names)
{
    // Only these add permissions. Any other word after WITH may take some away (a "Commons Clause" does).
    private static readonly FrozenSet<string> Exceptions = FrozenSet.ToFrozenSet(
        [
            "autoconf exception 2.0", "autoconf exception 3.0", "bison exception 2.2", "bootloader exception", "classpath exception 2.0", "font exception 2.0",
            "gcc exception 2.0", "gcc exception 3.1", "lgpl 3.0 linking exception", "linux syscall note", "llvm exception", "llgpl", "openssl exception", "qt lgpl exception 1.1",
            "qt gpl exception 1.0", "swift exception", "u boot exception 2.0", "universal foss exception 1.0", "wxwindows exception 3.1",
        ], StringComparer.Ordinal);

    private int _at;

    public LicenseName Read()
    {
        var read = List();
        while (_at < words.Count) // a bracket that was never opened
        {
            _at++;
            read = All([read, List()]);
        }
        return read;
    }

    /// <summary>All of them apply.</summary>
    public static LicenseName All(IReadOnlyList<LicenseName> parts) =>
        Combine(parts, "AND", classes => classes.MaxBy(LicenseClass.Strictness));

    /// <summary>The licensee may choose.</summary>
    public static LicenseName Any(IReadOnlyList<LicenseName> parts) =>
        Combine(parts, "OR", classes => classes.MinBy(LicenseClass.Strictness));

    private LicenseName List() => Joined(Choice, All, ",", "/", "&", "+");

    private LicenseName Choice() => Joined(Union, Any, "or", "|");

    private LicenseName Union() => Joined(Part, All, "and");

    private LicenseName Joined(Func<LicenseName> next, Func<IReadOnlyList<LicenseName>, LicenseName> combine, params ReadOnlySpan<string> operators)
    {
        var parts = new List<LicenseName> { next() };
        while (_at < words.Count && operators.Contains(words[_at]))
        {
            while (_at < words.Count && operators.Contains(words[_at])) _at++;
            if (_at < words.Count && words[_at] is not ")") parts.Add(next());
        }
        return combine(parts);
    }

    private LicenseName Part()
    {
        var named = Peek is "(" ? Bracket() : Name();
        if (Peek is "with") return Excepted(named);
        return Peek is "(" ? All([named, Bracket()]) : named; // "Apache License 2.0 (Apache-2.0)"
    }

    private LicenseName Bracket()
    {
        _at++;
        if (_at + 1 < words.Count && words[_at] is "other" && words[_at + 1] is ")" && _at > 1) // how the Hub's pages print a licence_name
        {
            _at += 2;
            return All([]);
        }
        var inside = List();
        if (Peek is ")") _at++;
        return inside;
    }

    private LicenseName Name()
    {
        for (var end = words.Count; end > _at; end--)
        {
            if (words[end - 1] is not ")" && IsBoundary(words[end - 1])) continue;
            if (names.Find([.. words.Skip(_at).Take(end - _at)]) is not { } found) continue;
            if (end < words.Count && !IsBoundary(words[end])) break;
            _at = end;
            return found;
        }
        var start = _at;
        while (_at < words.Count && !IsBoundary(words[_at])) _at++;
        return Unread(start);
    }

    private LicenseName Excepted(LicenseName named)
    {
        var start = ++_at;
        while (_at < words.Count && !IsBoundary(words[_at])) _at++;
        return Exceptions.Contains(string.Join(' ', words.Skip(start).Take(_at - start))) ? named : All([named, Unread(start)]);
    }

    private LicenseName Unread(int start)
    {
        var phrase = string.Join(' ', words.Skip(start).Take(_at - start));
        return LicenseName.NotKnown($"\"{phrase}\" is not the name of a known licence.") with { Expression = $"\"{phrase}\"" };
    }

    private string? Peek => _at < words.Count ? words[_at] : null;

    private static bool IsBoundary(string word) => word is "," or "/" or "&" or "+" or "|" or "(" or ")" or "or" or "and" or "with";

    private static LicenseName Combine(IReadOnlyList<LicenseName> parts, string word, Func<IEnumerable<string>, string?> govern)
    {
        var said = parts.Where(part => part.Match is not NameMatch.Unknown || part.Note is not null).DistinctBy(part => part.Expression ?? part.Note).ToList();
        if (said is []) return new(NameMatch.Unknown, [], LicenseClass.Unknown, null, null);
        if (said is [var only]) return only;
        if (said.TrueForAll(part => part.Match is NameMatch.Unknown)) return said[0];
        return new(
            NameMatch.Combined,
            [.. said.SelectMany(part => part.Licenses).Distinct()],
            govern(said.Select(part => part.Class)) ?? LicenseClass.Unknown,
            string.Join($" {word} ", said.Select(Bracketed)),
            said.Find(part => part.Note is not null)?.Note);
    }

    private static string Bracketed(LicenseName part) => part switch
    {
        { Match: NameMatch.Combined } => $"({part.Expression})",
        { Expression: { } expression } => expression,
        { Match: NameMatch.Ambiguous } => $"({string.Join(" ? ", part.Licenses.Select(license => license.Id))})",
        _ => "\"?\"",
    };
}
