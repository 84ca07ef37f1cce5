namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary><c>a.b</c>, <c>a['b']</c>, <c>a[1:2]</c>. Nothing but the values' own members can be reached; what would change a value is refused, as in the immutable sandbox.</summary>
internal static class TemplateMembers
{
    public static object? Attribute(object? target, string name)
    {
        if (target is Undefined undefined) throw undefined.Error;
        if (name.StartsWith('_')) return new Undefined($"access to attribute '{name}' of '{TemplateValues.TypeName(target)}' object is unsafe");
        return Method(target, name) ?? (Lookup(target, name, out var value) ? value : Missing(target, name));
    }

    public static object? Item(object? target, object? key)
    {
        if (target is Undefined undefined) throw undefined.Error;
        if (key is Undefined) return Missing(target, "");
        if (target is JinjaDict dict && dict.TryGetValue(TemplateValues.ToKey(key), out var found)) return found;
        if (key is long or bool && target is string or List<object?> or JinjaTuple)
        {
            var items = TemplateValues.Iterate(target);
            var index = key is bool flag ? flag ? 1 : 0 : (long)key;
            if (index < 0) index += items.Count;
            return index >= 0 && index < items.Count ? items[(int)index] : Missing(target, key);
        }
        return key is string name && (Lookup(target, name, out var value) || (value = name.StartsWith('_') ? null : Method(target, name)) is not null) ? value : Missing(target, key);
    }

    /// <summary>What the filter <c>attr</c> finds: no entries of a mapping.</summary>
    public static object? AttributeOnly(object? target, string name) =>
        target is JinjaDict && !name.StartsWith('_') ? Method(target, name) ?? (object)Missing(target, name) : Attribute(target, name);

    private static bool Lookup(object? target, string name, out object? value)
    {
        value = null;
        switch (target)
        {
            case JinjaDict dict: return dict.TryGetValue(name, out value);
            case JinjaNamespace space: return space.Values.TryGetValue(name, out value);
            case JinjaTuple tuple when Array.IndexOf(tuple.Names, name) is var index and >= 0: value = tuple.Items[index]; return true;
            case LoopState loop: value = loop.Get(name); return value is not Undefined;
            default: return false;
        }
    }

    private static Undefined Missing(object? target, object? key)
    {
        var type = target is null ? "None" : $"{TemplateValues.TypeName(target)} object";
        return new(key is string name ? $"'{type}' has no attribute '{name}'" : $"{type} has no element {TemplateText.Represent(key)}");
    }

    public static object Slice(object? target, object? start, object? stop, object? step)
    {
        if (target is Undefined undefined) throw undefined.Error;
        if (target is not (string or List<object?> or JinjaTuple)) throw TemplateException.Type($"'{TemplateValues.TypeName(target)}' object is not subscriptable");
        var items = TemplateValues.Iterate(target);
        var by = Bound(step) ?? 1;
        if (by == 0) throw new TemplateException("ValueError", "slice step cannot be zero");
        var (low, high) = by > 0 ? (0L, (long)items.Count) : (-1L, items.Count - 1L);
        var from = Clamp(Bound(start), by > 0 ? low : high);
        var to = Clamp(Bound(stop), by > 0 ? high : low);
        var taken = new List<object?>();
        for (var i = from; by > 0 ? i < to : i > to; i += by) taken.Add(items[(int)i]);
        return target switch
        {
            string => string.Concat(taken),
            JinjaTuple => new JinjaTuple([.. taken]),
            _ => taken,
        };

        long Clamp(long? index, long otherwise) => index is not { } given ? otherwise : Math.Clamp(given < 0 ? given + items.Count : given, low, high);

        static long? Bound(object? value) => value switch
        {
            null => null,
            long number => number,
            bool flag => flag ? 1 : 0,
            Undefined missing => throw missing.Error,
            _ => throw TemplateException.Type("slice indices must be integers or None"),
        };
    }

    private static Callable? Method(object? target, string name) => target switch
    {
        string text => StringMethods.Find(text, name),
        JinjaDict dict => DictMethod(dict, name),
        List<object?> list => ListMethod(list, name),
        JinjaTuple tuple => name is "index" or "count" ? ListMethod([.. tuple.Items], name) : null,
        _ => null,
    };

    private static Callable? DictMethod(JinjaDict dict, string name) => name switch
    {
        "items" => _ => Items(dict),
        "keys" => _ => dict.Keys.Select(TemplateValues.FromKey).ToList(),
        "values" => _ => dict.Values.ToList(),
        "get" => arguments => arguments.At(0, "key") is var key and not Undefined && dict.TryGetValue(TemplateValues.ToKey(key), out var value) ? value : arguments.At(1, "default"),
        "copy" => _ => Copy(dict),
        "pop" or "popitem" or "update" or "clear" or "setdefault" => _ => throw TemplateException.Security($"'{name}' would change a dict"),
        _ => null,
    };

    private static Callable? ListMethod(List<object?> list, string name) => name switch
    {
        "index" => arguments => list.FindIndex(item => TemplateValues.AreEqual(item, arguments.At(0, "value"))) is var index and >= 0
            ? (long)index
            : throw new TemplateException("ValueError", "the value is not in the list"),
        "count" => arguments => (long)list.Count(item => TemplateValues.AreEqual(item, arguments.At(0, "value"))),
        "copy" => _ => list.ToList(),
        "append" or "extend" or "insert" or "pop" or "remove" or "clear" or "sort" or "reverse" => _ => throw TemplateException.Security($"'{name}' would change a list"),
        _ => null,
    };

    public static List<object?> Items(JinjaDict dict) => [.. dict.Select(pair => new JinjaTuple([TemplateValues.FromKey(pair.Key), pair.Value]))];

    public static JinjaDict Copy(JinjaDict dict)
    {
        var copy = new JinjaDict();
        foreach (var (key, value) in dict) copy[key] = value;
        return copy;
    }
}
