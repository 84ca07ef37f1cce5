namespace ModelAtlas.Web.Commands;

internal static class Terminal
{
    /// <summary>A model's text without what would steer a terminal: control characters but line ends and tabs.</summary>
    public static string Safe(string text) => string.Concat(text.Select(letter => char.IsControl(letter) && letter is not ('\n' or '\t') ? '\uFFFD' : letter));
}
