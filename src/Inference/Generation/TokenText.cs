using ModelAtlas.Inference.Prompts.Tokenizers;

namespace ModelAtlas.Inference.Generation;

/// <summary>The text of tokens as they come. A letter whose bytes are still incomplete is held back; a space that belongs between prompt and answer is kept.</summary>
internal sealed class TokenText
{
    private const int Before = 6;
    private const int LongestLetter = 8; // tokens: a letter that is still broken after so many stays so
    private const char Broken = '\uFFFD';

    private readonly ITokenizer _tokenizer;
    private readonly List<int> _window;
    private int _shown;

    /// <param name="prompt">Tokens that the text follows.</param>
    public TokenText(ITokenizer tokenizer, IReadOnlyList<int> prompt)
    {
        _tokenizer = tokenizer;
        _window = [.. prompt.TakeLast(Before)];
        _shown = _window.Count;
    }

    public string Push(int token)
    {
        _window.Add(token);
        return Show(final: false);
    }

    public string Finish() => Show(final: true);

    private string Show(bool final)
    {
        var before = _tokenizer.Decode(_window.Take(_shown), skipSpecial: true);
        var after = _tokenizer.Decode(_window, skipSpecial: true);
        if (!final && after.EndsWith(Broken) && _window.Count - _shown < LongestLetter) return "";
        var text = after.StartsWith(before, StringComparison.Ordinal) ? after[before.Length..] : after.Length > before.Length ? after[before.Length..] : "";
        if (_window.Count > 2 * Before) _window.RemoveRange(0, _window.Count - Before);
        _shown = _window.Count;
        return text;
    }
}
