namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary>A template that cannot be parsed or rendered. The message names the reference renderer's error kind first, e.g. <c>UndefinedError: 'x' is undefined</c>.</summary>
public sealed class TemplateException(string kind, string message) : Exception($"{kind}: {message}")
{
    internal static TemplateException Type(string message) => new("TypeError", message);

    internal static TemplateException Undefined(string message) => new("UndefinedError", message);

    internal static TemplateException Syntax(string message, int line) => new("TemplateSyntaxError", $"{message} (line {line})");

    internal static TemplateException Limit(string message) => new("LimitError", message);

    internal static TemplateException Security(string message) => new("SecurityError", message);
}

/// <summary>What a template may use before it is stopped. Templates come from strangers.</summary>
public sealed record TemplateLimits
{
    public static readonly TemplateLimits Default = new();

    /// <summary>UTF-16 units of template source.</summary>
    public int Source { get; init; } = 512 * 1024;

    /// <summary>UTF-16 units of output, and of any one string on the way.</summary>
    public int Output { get; init; } = 256 * 1024;

    /// <summary>Nodes evaluated.</summary>
    public int Steps { get; init; } = 2_000_000;

    /// <summary>Calls of macros within macros, and nesting of expressions in the source.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Elements of one list.</summary>
    public int Elements { get; init; } = 100_000;

    public TimeSpan Time { get; init; } = TimeSpan.FromMilliseconds(500);
}
