using System.Text.Json;
using System.Text.RegularExpressions;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

/// <summary>A pattern of a tokenizer file: literal text, or a regular expression in Oniguruma's dialect. Runs on <see cref="AlignedText.Masked"/> within a time limit, because the file is a stranger's.</summary>
internal sealed class TokenizerPattern
{
    private static readonly TimeSpan _limit = TimeSpan.FromMilliseconds(250);
    private const int MaxLength = 20_000;

    private readonly Regex _regex;

    private TokenizerPattern(string pattern)
    {
        if (pattern.Length > MaxLength) throw new TokenizerException($"a pattern is longer than {MaxLength} characters");
        try
        {
            _regex = new(pattern, RegexOptions.CultureInvariant, _limit);
        }
        catch (ArgumentException broken)
        {
            throw new TokenizerException($"a pattern cannot be read: {broken.Message.ReplaceLineEndings(" ")}");
        }
    }

    public static TokenizerPattern Of(string regex) => new(OnigurumaSyntax.ToDotNet(regex));

    public static TokenizerPattern Literal(string text) => new(Regex.Escape(AlignedText.From(text).Masked));

    public static TokenizerPattern Read(JsonElement pattern) => pattern switch
    {
        { ValueKind: JsonValueKind.Object } when pattern.TryGetProperty("String", out var text) && text.ValueKind == JsonValueKind.String => Literal(text.GetString() ?? ""),
        { ValueKind: JsonValueKind.Object } when pattern.TryGetProperty("Regex", out var regex) && regex.ValueKind == JsonValueKind.String => Of(regex.GetString() ?? ""),
        { ValueKind: JsonValueKind.String } => Literal(pattern.GetString() ?? ""),
        _ => throw new TokenizerException("a pattern is neither a String nor a Regex"),
    };

    /// <summary>Non-empty matches, in order, as start and length in code points.</summary>
    public List<(int Start, int Length)> Matches(AlignedText text)
    {
        var matches = new List<(int, int)>();
        try
        {
            foreach (var match in _regex.EnumerateMatches(text.Masked))
                if (match.Length > 0) matches.Add((match.Index, match.Length));
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TokenizerException($"a pattern of the tokenizer took longer than {_limit.TotalMilliseconds} ms on this text");
        }
        return matches;
    }
}
