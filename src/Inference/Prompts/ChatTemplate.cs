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
        ["raise_exception"] = (Callable)(arguments => throw new TemplateException("TemplateError", TemplateText.Of(arguments.At(0, "message")))),
        ["strftime_now"] = (Callable)(arguments => TemplateClock.Format(now, arguments.Has(0, "format") ? arguments.Text(0, "format", "") : throw TemplateException.Type("strftime_now wants a format"))),
        ["range"] = (Callable)Range,
        ["dict"] = (Callable)(arguments => Dict(arguments)),
        ["namespace"] = (Callable)(arguments => new JinjaNamespace(Dict(arguments))),
        ["cycler"] = (Callable)Cycler,
        ["joiner"] = (Callable)Joiner,
    };

    private static JinjaNamespace Cycler(CallValues items)
    {
        if (items.Positional.Count == 0) throw TemplateException.Type("at least one item has to be provided");
        var (values, at) = (new JinjaDict { ["current"] = items.Positional[0] }, 0);
        object? Go(int next)
        {
            var current = items.Positional[at];
            at = next % items.Positional.Count;
            values["current"] = items.Positional[at];
            return current;
        }
        values["next"] = (Callable)(_ => Go(at + 1));
        values["reset"] = (Callable)(_ =>
        {
            Go(0);
            return null;
        });
        return new(values);
    }

    /// <summary>Nothing at its first call, the separator at each other.</summary>
    private static Callable Joiner(CallValues arguments)
    {
        var (separator, used) = (arguments.Text(0, "sep", ", "), false);
        return _ =>
        {
            var text = used ? separator : "";
            used = true;
            return text;
        };
    }

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
