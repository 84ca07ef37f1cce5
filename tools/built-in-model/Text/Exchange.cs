namespace ModelAtlas.Tools.BuiltInModel.Text;

/// <summary>A question and its answer.</summary>
internal sealed record Exchange(string Question, string Answer)
{
    /// <summary>Letters and digits of a question in lower case: what it is, however it is spelled and punctuated.</summary>
    public static string Plain(string question) => string.Join(' ', new string([.. question.ToLowerInvariant().Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A whole sentence begins with a capital, whatever it begins with.</summary>
    public static string Sentence(string text) => text.Length is 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
