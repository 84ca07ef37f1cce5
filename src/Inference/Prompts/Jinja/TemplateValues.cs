using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary>A name or member that does not exist. Prints as nothing, is false, and fails when used.</summary>
internal sealed class Undefined(string message)
{
    public TemplateException Error => TemplateException.Undefined(message);
}

internal sealed record JinjaTuple(object?[] Items)
{
    /// <summary>Names by which the items can be had as well.</summary>
    public string[] Names { get; init; } = [];

    public bool Equals(JinjaTuple? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items, TemplateValues.Comparer);

    public override int GetHashCode() => Items.Aggregate(17, (hash, item) => (hash * 31) + TemplateValues.Comparer.GetHashCode(item ?? typeof(void)));
}

internal sealed class JinjaDict : Dictionary<object, object?>
{
    public static readonly object NoneKey = typeof(void);

    public JinjaDict() : base(TemplateValues.Comparer) { }
}

/// <summary>What <c>namespace()</c> gives: the one thing that a loop body may change for the outside.</summary>
internal sealed class JinjaNamespace(JinjaDict values)
{
    public JinjaDict Values { get; } = values;
}

internal delegate object? Callable(CallValues arguments);

internal sealed record CallValues(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    public object? At(int index, string name, object? otherwise = null) =>
        index < Positional.Count ? Positional[index] : Named.TryGetValue(name, out var value) ? value : otherwise;

    public bool Has(int index, string name) => index < Positional.Count || Named.ContainsKey(name);

    public string Text(int index, string name, string otherwise) => At(index, name, otherwise) is string text ? text : throw TemplateException.Type($"'{name}' must be a string");

    public long Number(int index, string name, long otherwise) => At(index, name, otherwise) switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        _ => throw TemplateException.Type($"'{name}' must be a whole number"),
    };
}

/// <summary>Python's view of values: null, bool, long, double, string, List, JinjaTuple, JinjaDict and the types above.</summary>
internal static class TemplateValues
{
    public static readonly EqualityComparer<object?> Comparer = EqualityComparer<object?>.Create(AreEqual, Hash);

    public static object? From(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out var integer) && !json.GetRawText().AsSpan().ContainsAny(".eE") ? (object)integer : json.GetDouble(),
        JsonValueKind.Array => json.EnumerateArray().Select(From).ToList(),
        _ => FromObject(json),
    };

    private static JinjaDict FromObject(JsonElement json)
    {
        var dict = new JinjaDict();
        foreach (var property in json.EnumerateObject()) dict[property.Name] = From(property.Value);
        return dict;
    }

    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        JinjaTuple tuple => tuple.Items.Length > 0,
        ICollection collection => collection.Count > 0,
        _ => true,
    };

    public static bool IsNumber(object? value) => value is long or double or bool;

    public static double ToDouble(object? value) => value switch
    {
        long number => number,
        double number => number,
        bool flag => flag ? 1 : 0,
        Undefined undefined => throw undefined.Error,
        _ => throw TemplateException.Type($"a number is wanted, not {TypeName(value)}"),
    };

    private static int Hash(object? value) => value switch
    {
        null => 0,
        bool flag => (flag ? 1.0 : 0.0).GetHashCode(),
        long number => ((double)number).GetHashCode(),
        IList or JinjaDict => throw TemplateException.Type($"unhashable type: '{TypeName(value)}'"),
        _ => value.GetHashCode(),
    };

    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (long a, long b) => a == b,
        (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
        (Undefined, Undefined) => true,
        (JinjaTuple a, JinjaTuple b) => a.Equals(b),
        (JinjaDict a, JinjaDict b) => a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var other) && AreEqual(pair.Value, other)),
        (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        _ when IsNumber(left) && IsNumber(right) => ToDouble(left) == ToDouble(right),
        _ => ReferenceEquals(left, right),
    };

    public static int Compare(object? left, object? right)
    {
        if (left is Undefined undefined) throw undefined.Error;
        if (right is Undefined other) throw other.Error;
        if (left is long a && right is long b) return a.CompareTo(b);
        if (IsNumber(left) && IsNumber(right)) return ToDouble(left).CompareTo(ToDouble(right));
        if (left is string x && right is string y) return CompareText(x, y);
        if (Sequence(left) is { } first && Sequence(right) is { } second && left is JinjaTuple == right is JinjaTuple)
        {
            for (var i = 0; i < Math.Min(first.Count, second.Count); i++)
                if (!AreEqual(first[i], second[i])) return Compare(first[i], second[i]);
            return first.Count.CompareTo(second.Count);
        }
        throw TemplateException.Type($"'<' not supported between instances of '{TypeName(left)}' and '{TypeName(right)}'");
    }

    /// <summary>By code point, as Python does; UTF-16 order differs above U+FFFF.</summary>
    private static int CompareText(string x, string y)
    {
        for (var i = 0; i < Math.Min(x.Length, y.Length); i++)
        {
            if (x[i] == y[i]) continue;
            return char.IsSurrogate(x[i]) == char.IsSurrogate(y[i]) ? x[i].CompareTo(y[i]) : char.IsSurrogate(x[i]) ? 1 : -1;
        }
        return x.Length.CompareTo(y.Length);
    }

    public static IReadOnlyList<object?>? Sequence(object? value) => value switch
    {
        List<object?> list => list,
        JinjaTuple tuple => tuple.Items,
        _ => null,
    };

    /// <summary>What a loop over the value visits: elements, keys of a mapping, characters of a string, nothing of an undefined.</summary>
    public static IReadOnlyList<object?> Iterate(object? value) => value switch
    {
        Undefined => [],
        string text => Characters(text),
        JinjaDict dict => [.. dict.Keys.Select(FromKey)],
        _ => Sequence(value) ?? throw TemplateException.Type($"'{TypeName(value)}' object is not iterable"),
    };

    public static object? FromKey(object key) => ReferenceEquals(key, JinjaDict.NoneKey) ? null : key;

    public static object ToKey(object? key) => key is Undefined undefined ? throw undefined.Error : key ?? JinjaDict.NoneKey;

    public static List<object?> Characters(string text)
    {
        var characters = new List<object?>(text.Length);
        foreach (var rune in text.EnumerateRunes()) characters.Add(rune.ToString());
        return characters;
    }

    public static long Length(object? value) => value switch
    {
        Undefined => 0,
        string text => text.EnumerateRunes().Count(),
        JinjaDict dict => dict.Count,
        _ => Sequence(value)?.Count ?? throw TemplateException.Type($"object of type '{TypeName(value)}' has no len()"),
    };

    public static string TypeName(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        long => "int",
        double => "float",
        string => "str",
        List<object?> => "list",
        JinjaTuple => "tuple",
        JinjaDict => "dict",
        Undefined => "Undefined",
        JinjaNamespace => "Namespace",
        _ => "function",
    };

    public static string ToText(object? value) => value switch
    {
        string text => text,
        Undefined => "",
        _ => Represent(value),
    };

    /// <summary>Python's <c>repr</c>.</summary>
    public static string Represent(object? value)
    {
        var text = new StringBuilder();
        Represent(value, text, 0);
        return text.ToString();
    }

    private static void Represent(object? value, StringBuilder text, int depth)
    {
        if (depth > 64) throw TemplateException.Limit("a value is nested too deeply");
        switch (value)
        {
            case null: text.Append("None"); break;
            case Undefined: text.Append("Undefined"); break;
            case bool flag: text.Append(flag ? "True" : "False"); break;
            case long number: text.Append(number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: text.Append(FloatText(number)); break;
            case string quoted: Quote(quoted, text); break;
            case JinjaTuple tuple:
                List(tuple.Items, '(', tuple.Items.Length == 1 ? ",)" : ")", text, depth);
                break;
            case List<object?> list: List(list, '[', "]", text, depth); break;
            case JinjaDict dict:
                text.Append('{');
                var first = true;
                foreach (var (key, item) in dict)
                {
                    if (!first) text.Append(", ");
                    first = false;
                    Represent(FromKey(key), text, depth + 1);
                    text.Append(": ");
                    Represent(item, text, depth + 1);
                }
                text.Append('}');
                break;
            default: text.Append('<').Append(TypeName(value)).Append('>'); break;
        }
    }

    private static void List(IReadOnlyList<object?> items, char open, string close, StringBuilder text, int depth)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(", ");
            Represent(items[i], text, depth + 1);
        }
        text.Append(close);
    }

    private static void Quote(string value, StringBuilder text)
    {
        var quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (var rune in value.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\\': text.Append("\\\\"); break;
                case var c when c == quote: text.Append('\\').Append(quote); break;
                case < 32 or 127: text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
                case > 127 when !IsPrintable(rune):
                    text.Append(rune.Value <= 0xFF ? $"\\x{rune.Value:x2}" : rune.Value <= 0xFFFF ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}");
                    break;
                default: text.Append(rune.ToString()); break;
            }
        }
        text.Append(quote);
    }

    public static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    /// <summary>Python's shortest form: <c>1.0</c>, <c>1e+16</c>, <c>1e-05</c>, <c>inf</c>.</summary>
    public static string FloatText(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        var text = number.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = number == 0 ? 0 : int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        if (exponent is >= -4 and < 16)
        {
            if (shortest.Contains('E', StringComparison.Ordinal)) shortest = ((decimal)number).ToString(CultureInfo.InvariantCulture);
            return shortest.Contains('.', StringComparison.Ordinal) ? shortest : shortest + ".0";
        }
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        if (mark < 0)
        {
            var digits = shortest.TrimStart('-').Replace(".", "", StringComparison.Ordinal).TrimStart('0').TrimEnd('0');
            shortest = (number < 0 ? "-" : "") + digits[0] + (digits.Length > 1 ? "." + digits[1..] : "");
        }
        else shortest = shortest[..mark];
        return FormattableString.Invariant($"{shortest}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }
}
