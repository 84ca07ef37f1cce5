using System.Text;

namespace ModelAtlas.Inference.Prompts.Jinja;

internal static class TemplateOperators
{
    public static object? Unary(string op, object? value) => (op, value) switch
    {
        ("not", _) => !TemplateValues.IsTrue(value),
        (_, Undefined undefined) => throw undefined.Error,
        ("-", double number) => -number,
        ("+", double number) => number,
        ("-", long or bool) => -(long)TemplateValues.ToDouble(value),
        ("+", long or bool) => (long)TemplateValues.ToDouble(value),
        _ => throw TemplateException.Type($"bad operand type for unary {op}: '{TemplateValues.TypeName(value)}'"),
    };

    public static object? Binary(string op, object? left, object? right, TemplateLimits limits)
    {
        if (op == "~") return TemplateText.Of(left) + TemplateText.Of(right);
        if (left is Undefined missing) throw missing.Error;
        if (op == "%" && left is string format) return Format(format, right);
        if (right is Undefined other) throw other.Error;
        if (op == "+")
        {
            if (left is string text)
                return right is string tail ? text + tail : throw TemplateException.Type($"can only concatenate str (not \"{TemplateValues.TypeName(right)}\") to str");
            if (left is List<object?> list)
                return right is List<object?> more ? (List<object?>)[.. list, .. more] : throw TemplateException.Type($"can only concatenate list (not \"{TemplateValues.TypeName(right)}\") to list");
            if (left is JinjaTuple a && right is JinjaTuple b) return new JinjaTuple([.. a.Items, .. b.Items]);
        }
        if (op == "*" && Repeat(left, right, limits) is { } repeated) return repeated;
        if (!TemplateValues.IsNumber(left) || !TemplateValues.IsNumber(right))
            throw TemplateException.Type($"unsupported operand type(s) for {op}: '{TemplateValues.TypeName(left)}' and '{TemplateValues.TypeName(right)}'");
        return left is double || right is double || op == "/" ? (object)Real(op, TemplateValues.ToDouble(left), TemplateValues.ToDouble(right)) : Whole(op, ToLong(left), ToLong(right));
    }

    private static long ToLong(object? value) => value is bool flag ? flag ? 1 : 0 : (long)(value ?? 0L);

    private static object? Repeat(object? left, object? right, TemplateLimits limits)
    {
        if (left is long or bool) (left, right) = (right, left);
        if (right is not (long or bool) || left is not (string or List<object?> or JinjaTuple)) return null;
        var times = Math.Max(0, ToLong(right));
        if (times > limits.Output || (left is string text ? text.Length : TemplateValues.Length(left)) * times > limits.Output) throw TemplateException.Limit("a repetition is too long");
        if (left is JinjaTuple tuple) return new JinjaTuple([.. Enumerable.Repeat(tuple.Items, (int)times).SelectMany(item => item)]);
        return left is string unit ? new StringBuilder().Insert(0, unit, (int)times).ToString() : Enumerable.Repeat((List<object?>)left, (int)times).SelectMany(item => item).ToList();
    }

    private static double Real(string op, double left, double right) => op switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "**" => Math.Pow(left, right),
        _ when right == 0 => throw new TemplateException("ZeroDivisionError", "division by zero"),
        "/" => left / right,
        "//" => Math.Floor(left / right),
        _ => left - (right * Math.Floor(left / right)),
    };

    private static object Whole(string op, long left, long right)
    {
        try
        {
            return op switch
            {
                "+" => (object)checked(left + right),
                "-" => checked(left - right),
                "*" => checked(left * right),
                "**" when right < 0 => Math.Pow(left, right),
                "**" => Power(left, right),
                _ when right == 0 => throw new TemplateException("ZeroDivisionError", "integer division or modulo by zero"),
                "//" => (long)Math.Floor((decimal)left / right),
                _ => ((left % right) + right) % right,
            };
        }
        catch (OverflowException)
        {
            throw TemplateException.Limit("a whole number grew beyond 64 bits");
        }
    }

    private static long Power(long value, long exponent)
    {
        var result = 1L;
        for (; exponent > 0; exponent--)
        {
            result = checked(result * value);
            if (result is 0 or 1 && value is 0 or 1) break;
        }
        return result;
    }

    public static bool Compare(string op, object? left, object? right) => op switch
    {
        "==" => TemplateValues.AreEqual(left, right),
        "!=" => !TemplateValues.AreEqual(left, right),
        "in" => Contains(right, left),
        "not in" => !Contains(right, left),
        "<" => TemplateValues.Compare(left, right) < 0,
        "<=" => TemplateValues.Compare(left, right) <= 0,
        ">" => TemplateValues.Compare(left, right) > 0,
        _ => TemplateValues.Compare(left, right) >= 0,
    };

    public static bool Contains(object? container, object? value) => container switch
    {
        Undefined => false,
        string text => value switch
        {
            string part => text.Contains(part, StringComparison.Ordinal),
            Undefined undefined => throw undefined.Error,
            _ => throw TemplateException.Type($"'in <string>' requires string as left operand, not {TemplateValues.TypeName(value)}"),
        },
        JinjaDict dict => value is not Undefined && dict.ContainsKey(TemplateValues.ToKey(value)),
        JinjaNamespace space => value is string name && space.Values.ContainsKey(name),
        _ => (TemplateValues.Sequence(container) ?? throw TemplateException.Type($"argument of type '{TemplateValues.TypeName(container)}' is not iterable"))
            .Any(item => TemplateValues.AreEqual(item, value)),
    };

    /// <summary>Python's <c>%</c> on a string: <c>%s %r %d %i %f %x %%</c> with width and precision, by position or by name.</summary>
    public static string Format(string format, object? values)
    {
        var positional = values is JinjaTuple tuple ? tuple.Items : [values];
        var next = 0;
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }
            var start = ++i;
            object? value = null;
            var named = i < format.Length && format[i] == '(';
            if (named)
            {
                var close = format.IndexOf(')', i);
                if (close < 0) throw new TemplateException("ValueError", "incomplete format key");
                value = TemplateMembers.Item(values, format[(i + 1)..close]);
                start = i = close + 1;
            }
            while (i < format.Length && (char.IsAsciiDigit(format[i]) || format[i] is '-' or '+' or ' ' or '.' or '#')) i++;
            if (i >= format.Length) throw new TemplateException("ValueError", "incomplete format");
            if (format[i] == '%')
            {
                text.Append('%');
                continue;
            }
            if (!named) value = next < positional.Length ? positional[next++] : throw TemplateException.Type("not enough arguments for format string");
            text.Append(NumberFormat.Apply(value, format[start..i], format[i]));
        }
        return text.ToString();
    }
}
