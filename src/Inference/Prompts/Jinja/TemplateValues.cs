using System.Collections;
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
}
