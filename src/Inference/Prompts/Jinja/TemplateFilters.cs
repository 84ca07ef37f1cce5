using System.Globalization;

namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary><c>value | name(…)</c>.</summary>
internal static class TemplateFilters
{
    public static readonly CallValues NoArguments = new([], new Dictionary<string, object?>());

    private delegate object? FilterBody(object? value, CallValues arguments, TemplateRenderer renderer);

    private static readonly Dictionary<string, FilterBody> _all = new(StringComparer.Ordinal)
    {
        ["abs"] = (value, _, _) => value is long number ? (object)Math.Abs(number) : Math.Abs(TemplateValues.ToDouble(value)),
        ["attr"] = (value, arguments, _) => TemplateMembers.AttributeOnly(value, arguments.Text(0, "name", "")),
        ["batch"] = (value, arguments, _) => Batch(TemplateValues.Iterate(value), arguments),
        ["capitalize"] = (value, _, _) => StringMethods.Capitalize(TemplateText.Of(value)),
        ["center"] = (value, arguments, _) => StringMethods.Center(TemplateText.Of(value), (int)Math.Clamp(arguments.Number(0, "width", 80), 0, 10_000)),
        ["count"] = (value, _, _) => TemplateValues.Length(value),
        ["length"] = (value, _, _) => TemplateValues.Length(value),
        ["default"] = Default,
        ["d"] = Default,
        ["dictsort"] = (value, arguments, _) => DictSort(value, arguments),
        ["escape"] = (value, _, _) => Escape(TemplateText.Of(value)),
        ["e"] = (value, _, _) => Escape(TemplateText.Of(value)),
        ["forceescape"] = (value, _, _) => Escape(TemplateText.Of(value)),
        ["safe"] = (value, _, _) => TemplateText.Of(value),
        ["string"] = (value, _, _) => TemplateText.Of(value),
        ["first"] = (value, _, _) => TemplateValues.Iterate(value) is [var first, ..] ? first : new Undefined("no first item, sequence was empty"),
        ["last"] = (value, _, _) => TemplateValues.Iterate(value) is [.., var last] ? last : new Undefined("no last item, sequence was empty"),
        ["float"] = (value, arguments, _) => ToFloat(value) ?? arguments.At(0, "default", 0.0),
        ["int"] = (value, arguments, _) => ToInt(value, (int)arguments.Number(1, "base", 10)) ?? arguments.At(0, "default", 0L),
        ["format"] = (value, arguments, _) => TemplateOperators.Format(TemplateText.Of(value), arguments.Named.Count > 0 ? Named(arguments) : new JinjaTuple([.. arguments.Positional])),
        ["groupby"] = (value, arguments, _) => GroupBy(value, arguments),
        ["indent"] = (value, arguments, _) => TextFilters.Indent(TemplateText.Of(value), arguments),
        ["items"] = (value, _, _) => value switch
        {
            Undefined => new List<object?>(),
            JinjaDict dict => TemplateMembers.Items(dict),
            _ => throw TemplateException.Type("can only get item pairs from a mapping"),
        },
        ["join"] = (value, arguments, _) => string.Join(TemplateText.Of(arguments.At(0, "d", "")),
            TemplateValues.Iterate(value).Select(item => TemplateText.Of(arguments.At(1, "attribute") is { } path ? Path(item, path) : item))),
        ["list"] = (value, _, _) => TemplateValues.Iterate(value).ToList(),
        ["lower"] = (value, _, _) => LetterCase.Lower(TemplateText.Of(value)),
        ["upper"] = (value, _, _) => LetterCase.Upper(TemplateText.Of(value)),
        ["title"] = (value, _, _) => TextFilters.Title(TemplateText.Of(value)),
        ["map"] = Map,
        ["max"] = (value, arguments, _) => Extreme(value, arguments, 1),
        ["min"] = (value, arguments, _) => Extreme(value, arguments, -1),
        ["pprint"] = (value, _, _) => TemplateText.Represent(value),
        ["reject"] = (value, arguments, renderer) => Select(value, arguments, renderer, false, false),
        ["rejectattr"] = (value, arguments, renderer) => Select(value, arguments, renderer, true, false),
        ["select"] = (value, arguments, renderer) => Select(value, arguments, renderer, false, true),
        ["selectattr"] = (value, arguments, renderer) => Select(value, arguments, renderer, true, true),
        ["replace"] = (value, arguments, _) => StringMethods.Replace(TemplateText.Of(value), TemplateText.Of(arguments.At(0, "old")), TemplateText.Of(arguments.At(1, "new")),
            arguments.At(2, "count") is null ? -1 : arguments.Number(2, "count", -1)),
        ["reverse"] = (value, _, _) => value is string text ? string.Concat(TemplateValues.Characters(text).AsEnumerable().Reverse()) : TemplateValues.Iterate(value).Reverse().ToList(),
        ["round"] = (value, arguments, _) => Round(value, arguments),
        ["slice"] = (value, arguments, _) => Slices(TemplateValues.Iterate(value), arguments),
        ["sort"] = (value, arguments, _) => Sort(value, arguments),
        ["striptags"] = (value, _, _) => TextFilters.StripTags(TemplateText.Of(value)),
        ["sum"] = (value, arguments, _) => TemplateValues.Iterate(value).Select(item => arguments.At(0, "attribute") is { } path ? Path(item, path) : item)
            .Aggregate(arguments.At(1, "start", 0L), (sum, item) => TemplateOperators.Binary("+", sum, item, TemplateLimits.Default)),
        ["tojson"] = (value, arguments, _) => TemplateJson.Write(value, arguments),
        ["trim"] = (value, arguments, _) => StringMethods.Trim(TemplateText.Of(value), arguments, true, true),
        ["truncate"] = (value, arguments, _) => TextFilters.Truncate(TemplateText.Of(value), arguments),
        ["unique"] = (value, arguments, _) => TemplateValues.Iterate(value)
            .DistinctBy(item => Fold(arguments.At(1, "attribute") is { } path ? Path(item, path) : item, arguments.At(0, "case_sensitive") is true), TemplateValues.Comparer).ToList(),
        ["urlencode"] = (value, _, _) => value is string or not (JinjaDict or List<object?> or JinjaTuple)
            ? Uri.EscapeDataString(TemplateText.Of(value)).Replace("%2F", "/", StringComparison.Ordinal)
            : string.Join('&', (value is JinjaDict dict ? TemplateMembers.Items(dict) : TemplateValues.Iterate(value)).Select(TemplateValues.Sequence).OfType<IReadOnlyList<object?>>().Where(pair => pair.Count == 2)
                .Select(pair => string.Join('=', pair.Select(part => Uri.EscapeDataString(TemplateText.Of(part)).Replace("%20", "+", StringComparison.Ordinal))))),
        ["wordcount"] = (value, _, _) => TextFilters.Words(TemplateText.Of(value)),
        ["wordwrap"] = (value, arguments, _) => TextFilters.Wrap(TemplateText.Of(value), arguments),
        ["filesizeformat"] = (value, arguments, _) => TextFilters.FileSize(ToFloat(value) is double bytes ? bytes : TemplateValues.ToDouble(value), TemplateValues.IsTrue(arguments.At(0, "binary"))),
        ["xmlattr"] = (value, arguments, _) => XmlAttributes(value, TemplateValues.IsTrue(arguments.At(0, "autospace", true))),
    };

    public static bool Exists(string id) => _all.ContainsKey(id);

    public static object? Apply(string id, object? value, CallValues arguments, TemplateRenderer renderer) =>
        _all.TryGetValue(id, out var filter) ? filter(value, arguments, renderer) : throw new TemplateException("TemplateAssertionError", $"no filter named '{id}'");

    private static object? Default(object? value, CallValues arguments, TemplateRenderer renderer) =>
        value is Undefined || (TemplateValues.IsTrue(arguments.At(1, "boolean")) && !TemplateValues.IsTrue(value)) ? arguments.At(0, "default_value", "") : value;

    private static JinjaDict Named(CallValues arguments)
    {
        var dict = new JinjaDict();
        foreach (var (name, value) in arguments.Named) dict[name] = value;
        return dict;
    }

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);

    private static object? ToFloat(object? value) => value switch
    {
        string text => double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => TemplateValues.IsNumber(value) ? TemplateValues.ToDouble(value) : null,
    };

    private static object? ToInt(object? value, int radix) => value switch
    {
        string text => WholeText(text.Trim(), radix) ?? (ToFloat(text) is double real && Math.Abs(real) < long.MaxValue ? (long)real : null),
        _ => TemplateValues.IsNumber(value) && Math.Abs(TemplateValues.ToDouble(value)) < long.MaxValue ? (long)TemplateValues.ToDouble(value) : null,
    };

    /// <summary>Digits of a base from 2 to 36, with the prefix of that base or without, a sign before and underscores between.</summary>
    internal static object? WholeText(string text, int radix)
    {
        var negative = text.StartsWith('-');
        var digits = text.TrimStart('-', '+').ToLowerInvariant();
        if (text.Length - digits.Length > 1 || digits.EndsWith('_') || digits.StartsWith('_')) return null;
        var prefix = radix switch { 2 => "0b", 8 => "0o", 16 => "0x", _ => "" };
        if (prefix.Length > 0 && digits.StartsWith(prefix, StringComparison.Ordinal)) digits = digits[2..];
        digits = digits.Replace("_", "", StringComparison.Ordinal);
        if (digits.Length is 0 or > 64) return null;
        var number = 0L;
        foreach (var letter in digits)
        {
            var digit = char.IsAsciiDigit(letter) ? letter - '0' : char.IsAsciiLetter(letter) ? letter - 'a' + 10 : 99;
            if (digit >= radix || number > (long.MaxValue - digit) / radix) return null;
            number = number * radix + digit;
        }
        return negative ? -number : number;
    }

    private static object? Path(object? item, object? path) => path is long index
        ? TemplateMembers.Item(item, index)
        : TemplateText.Of(path).Split('.').Aggregate(item, (current, part) =>
            TemplateMembers.Item(current, long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : part));

    private static object? Fold(object? value, bool caseSensitive) => !caseSensitive && value is string text ? text.ToLowerInvariant() : value;

    private static List<object?> Sort(object? value, CallValues arguments)
    {
        var sensitive = TemplateValues.IsTrue(arguments.At(1, "case_sensitive"));
        var paths = arguments.At(2, "attribute") is string several ? several.Split(',') : arguments.At(2, "attribute") is long one ? [one] : (IEnumerable<object>?)null;
        object? Key(object? item) => paths is null ? Fold(item, sensitive) : new JinjaTuple([.. paths.Select(path => Fold(Path(item, path is string text ? text.Trim() : path), sensitive))]);
        var items = TemplateValues.Iterate(value);
        return Ordered(items, Key, TemplateValues.IsTrue(arguments.At(0, "reverse")));
    }

    private static List<T> Ordered<T>(IEnumerable<T> items, Func<T, object?> key, bool descending)
    {
        var order = Comparer<object?>.Create(TemplateValues.Compare);
        try
        {
            return descending ? [.. items.OrderByDescending(key, order)] : [.. items.OrderBy(key, order)];
        }
        catch (InvalidOperationException wrapped) when (wrapped.InnerException is TemplateException refused)
        {
            throw refused;
        }
    }

    private static List<object?> DictSort(object? value, CallValues arguments)
    {
        if (value is not JinjaDict dict) throw TemplateException.Type("can only sort a mapping");
        var by = arguments.Text(1, "by", "key") == "value" ? 1 : 0;
        var sensitive = TemplateValues.IsTrue(arguments.At(0, "case_sensitive"));
        var items = TemplateMembers.Items(dict);
        object? Key(object? pair) => Fold((pair as JinjaTuple)?.Items[by], sensitive);
        return Ordered(items, Key, TemplateValues.IsTrue(arguments.At(2, "reverse")));
    }

    private static List<object?> GroupBy(object? value, CallValues arguments)
    {
        var (path, otherwise, sensitive) = (arguments.At(0, "attribute"), arguments.At(1, "default"), TemplateValues.IsTrue(arguments.At(2, "case_sensitive")));
        object? Key(object? item) => Path(item, path) is var found && found is Undefined && otherwise is not null ? otherwise : found;
        return [.. Ordered(TemplateValues.Iterate(value).GroupBy(item => Fold(Key(item), sensitive), TemplateValues.Comparer), group => group.Key, descending: false)
            .Select(group => (object?)new JinjaTuple([Key(group.First()), group.ToList()]) { Names = ["grouper", "list"] })];
    }

    private static List<object?> Map(object? value, CallValues arguments, TemplateRenderer renderer)
    {
        var items = TemplateValues.Iterate(value);
        if (arguments.Named.TryGetValue("attribute", out var path))
        {
            var hasDefault = arguments.Named.TryGetValue("default", out var otherwise);
            return [.. items.Select(item => Path(item, path) is var found && found is Undefined && hasDefault ? otherwise : found)];
        }
        var filter = arguments.Text(0, "filter", "");
        var rest = arguments with { Positional = [.. arguments.Positional.Skip(1)] };
        return [.. items.Select(item => renderer.ApplyFilter(filter, item, rest))];
    }

    private static List<object?> Select(object? value, CallValues arguments, TemplateRenderer renderer, bool byAttribute, bool keep)
    {
        var skip = byAttribute ? 1 : 0;
        var test = arguments.Positional.Count > skip ? arguments.Positional[skip] as string ?? throw TemplateException.Type("a test is named by a string") : null;
        var rest = arguments with { Positional = [.. arguments.Positional.Skip(skip + 1)] };
        return [.. TemplateValues.Iterate(value).Where(item =>
        {
            var subject = byAttribute ? Path(item, arguments.Positional[0]) : item;
            return (test is null ? TemplateValues.IsTrue(subject) : TemplateTests.Holds(test, subject, rest)) == keep;
        })];
    }

    private static object? Extreme(object? value, CallValues arguments, int sign)
    {
        var items = TemplateValues.Iterate(value);
        if (items.Count == 0) return new Undefined("no aggregated item, sequence was empty");
        var sensitive = TemplateValues.IsTrue(arguments.At(0, "case_sensitive"));
        object? Key(object? item) => Fold(arguments.At(1, "attribute") is { } path ? Path(item, path) : item, sensitive);
        return items.Aggregate((best, item) => TemplateValues.Compare(Key(item), Key(best)) * sign > 0 ? item : best);
    }

    private static object Round(object? value, CallValues arguments)
    {
        var number = TemplateValues.ToDouble(value);
        var digits = (int)Math.Clamp(arguments.Number(0, "precision", 0), -15, 15);
        var scale = Math.Pow(10, digits);
        if (value is long whole && digits >= 0 && arguments.Text(1, "method", "common") == "common") return whole;
        return arguments.Text(1, "method", "common") switch
        {
            "common" when value is long => (object)(long)(Math.Round(number * scale) / scale),
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            not "common" => throw new TemplateException("FilterArgumentError", "method must be common, ceil or floor"),
            // A number is halfway only if its binary fraction is as short as that takes; any other is rounded as it is exactly.
            _ when digits < 0 || Math.ScaleB(number, digits + 1) % 1 == 0 => Math.Round(number * scale) / scale,
            _ => double.Parse(number.ToString($"F{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        };
    }

    private static string XmlAttributes(object? value, bool spaced)
    {
        if (value is not JinjaDict dict) throw TemplateException.Type("only a mapping has attributes");
        var text = string.Join(' ', dict.Where(pair => pair.Value is not (null or Undefined)).Select(pair => $"{Escape(TemplateText.Of(TemplateValues.FromKey(pair.Key)))}=\"{Escape(TemplateText.Of(pair.Value))}\""));
        return spaced && text.Length > 0 ? " " + text : text;
    }

    private static List<object?> Batch(IReadOnlyList<object?> items, CallValues arguments)
    {
        var size = (int)Math.Max(1, arguments.Number(0, "linecount", 1));
        var batches = items.Chunk(size).Select(chunk => chunk.ToList()).ToList();
        if (arguments.At(1, "fill_with") is { } fill && batches is [.., var last])
            while (last.Count < size) last.Add(fill);
        return [.. batches];
    }

    private static List<object?> Slices(IReadOnlyList<object?> items, CallValues arguments)
    {
        var count = (int)Math.Clamp(arguments.Number(0, "slices", 1), 1, 1000);
        var (each, extra) = Math.DivRem(items.Count, count);
        var slices = new List<object?>();
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var size = each + (i < extra ? 1 : 0);
            var slice = items.Skip(at).Take(size).ToList();
            at += size;
            if (arguments.At(1, "fill_with") is { } fill && i >= extra) slice.Add(fill);
            slices.Add(slice);
        }
        return slices;
    }
}
