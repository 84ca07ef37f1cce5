using System.Globalization;

namespace ModelAtlas.Web.Changes;

/// <summary>Where a list of changes goes on: behind a verdict, and behind a word of a person. The two have numbers of their own.</summary>
/// <param name="Verdict">Only those with lower ids follow.</param>
/// <param name="Word">Only what came before this moment follows, in microseconds since 1970.</param>
/// <param name="Place">Among the words of that moment.</param>
public sealed record ChangeCursor(long Verdict, long Word, long Place)
{
    public static readonly ChangeCursor Start = new(long.MaxValue, long.MaxValue, long.MaxValue);

    public static ChangeCursor? Read(string text)
    {
        Span<long> numbers = stackalloc long[3];
        var at = 0;
        foreach (var part in text.Split('-', 4))
            if (at == 3 || !long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out numbers[at++])) return null;
        return at == 3 && numbers[0] > 0 ? new(numbers[0], numbers[1], numbers[2]) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Verdict}-{Word}-{Place}");
}
