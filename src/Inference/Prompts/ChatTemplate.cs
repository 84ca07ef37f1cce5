using System.Globalization;
using System.Text.Json;
using ModelAtlas.Inference.Prompts.Jinja;

namespace ModelAtlas.Inference.Prompts;

/// <summary>A model's chat template, as published: the Jinja program that turns messages into the prompt text. Parsed once, rendered many times, safe from several threads.</summary>
public sealed class ChatTemplate
{
    private readonly IReadOnlyList<Statement> _body;
    private readonly TemplateLimits _limits;

    private ChatTemplate(IReadOnlyList<Statement> body, TemplateLimits limits) => (_body, _limits) = (body, limits);

    /// <exception cref="TemplateException">The source is no template this interpreter can run, or too large.</exception>
    public static ChatTemplate Parse(string source, TemplateLimits? limits = null) =>
        new(TemplateParser.Parse(source, limits ?? TemplateLimits.Default), limits ?? TemplateLimits.Default);

    /// <param name="request">A JSON object: <c>messages</c>, <c>tools</c>, <c>add_generation_prompt</c>; every other key is a variable of the template, such as <c>bos_token</c>.</param>
    /// <param name="now">What <c>strftime_now</c> prints.</param>
    /// <exception cref="TemplateException">The template raised an error, used a missing value, or ran over its limits.</exception>
    public string Render(JsonElement request, DateTimeOffset now)
    {
        if (request.ValueKind != JsonValueKind.Object) throw new TemplateException("ValueError", "a request is a JSON object with 'messages'");
        var variables = request.EnumerateObject().ToDictionary(property => property.Name, property => TemplateValues.From(property.Value), StringComparer.Ordinal);
        return new TemplateRenderer(_limits, Globals(now)).Render(_body, variables);
    }

    private Dictionary<string, object?> Globals(DateTimeOffset now) => new(StringComparer.Ordinal)
    {
        ["raise_exception"] = (Callable)(arguments => throw new TemplateException("TemplateError", TemplateValues.ToText(arguments.At(0, "message")))),
        ["strftime_now"] = (Callable)(arguments => TemplateClock.Format(now, arguments.Text(0, "format", ""))),
        ["range"] = (Callable)Range,
        ["dict"] = (Callable)(arguments => Dict(arguments)),
        ["namespace"] = (Callable)(arguments => new JinjaNamespace(Dict(arguments))),
    };

    private List<object?> Range(CallValues arguments)
    {
        var numbers = Enumerable.Range(0, arguments.Positional.Count).Select(i => arguments.Number(i, "stop", 0)).ToArray();
        var (start, stop, step) = numbers switch
        {
            [var only] => (0L, only, 1L),
            [var from, var to] => (from, to, 1L),
            [var from, var to, var by] when by != 0 => (from, to, by),
            _ => throw TemplateException.Type("range takes one to three whole numbers, the third not zero"),
        };
        var count = step > 0 ? ((decimal)stop - start + step - 1) / step : ((decimal)start - stop - step - 1) / -step;
        if (count > _limits.Elements) throw TemplateException.Limit($"a range of more than {_limits.Elements} numbers");
        var range = new List<object?>();
        for (var i = start; step > 0 ? i < stop : i > stop; i += step) range.Add(i);
        return range;
    }

    private static JinjaDict Dict(CallValues arguments)
    {
        var dict = new JinjaDict();
        foreach (var source in arguments.Positional)
        {
            if (source is JinjaDict given) foreach (var (key, value) in given) dict[key] = value;
            else
                foreach (var pair in TemplateValues.Iterate(source))
                    if (TemplateValues.Sequence(pair) is [var key, var value]) dict[TemplateValues.ToKey(key)] = value;
                    else throw TemplateException.Type("a dict is made of pairs");
        }
        foreach (var (name, value) in arguments.Named) dict[name] = value;
        return dict;
    }
}

/// <summary>C's <c>strftime</c> in the C locale.</summary>
internal static class TemplateClock
{
    public static string Format(DateTimeOffset now, string format)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            var letter = format[++i];
            var plain = letter == '-' && i + 1 < format.Length;
            if (plain) letter = format[++i];
            var part = letter switch
            {
                'Y' => now.ToString("yyyy", CultureInfo.InvariantCulture),
                'y' => now.ToString("yy", CultureInfo.InvariantCulture),
                'm' => now.ToString("MM", CultureInfo.InvariantCulture),
                'd' => now.ToString("dd", CultureInfo.InvariantCulture),
                'e' => now.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
                'H' => now.ToString("HH", CultureInfo.InvariantCulture),
                'I' => now.ToString("hh", CultureInfo.InvariantCulture),
                'M' => now.ToString("mm", CultureInfo.InvariantCulture),
                'S' => now.ToString("ss", CultureInfo.InvariantCulture),
                'f' => now.ToString("ffffff", CultureInfo.InvariantCulture),
                'p' => now.ToString("tt", CultureInfo.InvariantCulture),
                'B' => now.ToString("MMMM", CultureInfo.InvariantCulture),
                'b' or 'h' => now.ToString("MMM", CultureInfo.InvariantCulture),
                'A' => now.ToString("dddd", CultureInfo.InvariantCulture),
                'a' => now.ToString("ddd", CultureInfo.InvariantCulture),
                'j' => now.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
                'u' => (now.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)now.DayOfWeek).ToString(CultureInfo.InvariantCulture),
                'w' => ((int)now.DayOfWeek).ToString(CultureInfo.InvariantCulture),
                'F' => now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                'T' => now.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
                'D' => now.ToString("MM/dd/yy", CultureInfo.InvariantCulture),
                'z' or 'Z' => "",
                's' => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                'n' => "\n",
                't' => "\t",
                '%' => "%",
                _ => "%" + letter,
            };
            text.Append(plain && part.Length > 1 ? part.TrimStart('0', ' ') is { Length: > 0 } trimmed ? trimmed : "0" : part);
        }
        return text.ToString();
    }
}
