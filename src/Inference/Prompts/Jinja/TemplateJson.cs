using System.Globalization;
using System.Text;

namespace ModelAtlas.Inference.Prompts.Jinja;

/// <summary><c>tojson</c> as the reference environment defines it: Python's <c>json.dumps</c> with <c>ensure_ascii=False</c>, no HTML escaping.</summary>
internal static class TemplateJson
{
    public static string Write(object? value, CallValues arguments)
    {
        var indent = arguments.Has(1, "indent") ? arguments.At(1, "indent") : null;
        var unit = indent switch
        {
            null => null,
            string text => text,
            _ => new string(' ', (int)Math.Clamp(arguments.Number(1, "indent", 0), 0, 100)),
        };
        var separators = TemplateValues.Sequence(arguments.At(2, "separators"));
        var writer = new Writer(unit, separators?[0] as string ?? (unit is null ? ", " : ","), separators?[1] as string ?? ": ", TemplateValues.IsTrue(arguments.At(3, "sort_keys")),
            TemplateValues.IsTrue(arguments.At(0, "ensure_ascii", false)));
        writer.Write(value, 0);
        return writer.Text.ToString();
    }

    private sealed class Writer(string? indent, string itemSeparator, string keySeparator, bool sortKeys, bool ascii)
    {
        public StringBuilder Text { get; } = new();

        public void Write(object? value, int depth)
        {
            if (depth > 64) throw TemplateException.Limit("a value is nested too deeply");
            switch (value)
            {
                case null: Text.Append("null"); break;
                case bool flag: Text.Append(flag ? "true" : "false"); break;
                case long number: Text.Append(number.ToString(CultureInfo.InvariantCulture)); break;
                case double number: Text.Append(double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? number > 0 ? "Infinity" : "-Infinity" : TemplateText.FloatText(number)); break;
                case string text: Quote(text); break;
                case JinjaDict dict:
                    var pairs = sortKeys ? dict.OrderBy(pair => TemplateValues.FromKey(pair.Key), Comparer<object?>.Create(TemplateValues.Compare)) : dict.AsEnumerable();
                    List('{', '}', [.. pairs], depth, pair =>
                    {
                        Quote(KeyText(TemplateValues.FromKey(pair.Key)));
                        Text.Append(keySeparator);
                        Write(pair.Value, depth + 1);
                    });
                    break;
                default:
                    var items = TemplateValues.Sequence(value) ?? throw TemplateException.Type($"Object of type {TemplateValues.TypeName(value)} is not JSON serializable");
                    List('[', ']', items, depth, item => Write(item, depth + 1));
                    break;
            }
        }

        private static string KeyText(object? key) => key switch
        {
            string text => text,
            null => "null",
            bool flag => flag ? "true" : "false",
            long or double => TemplateText.Of(key),
            _ => throw TemplateException.Type($"keys must be str, int, float, bool or None, not {TemplateValues.TypeName(key)}"),
        };

        private void List<T>(char open, char close, IReadOnlyList<T> items, int depth, Action<T> write)
        {
            Text.Append(open);
            for (var i = 0; i < items.Count; i++)
            {
                if (i > 0) Text.Append(indent is null ? itemSeparator : itemSeparator.TrimEnd(' '));
                NewLine(depth + 1);
                write(items[i]);
            }
            if (items.Count > 0) NewLine(depth);
            Text.Append(close);
        }

        private void NewLine(int depth)
        {
            if (indent is null) return;
            Text.Append('\n');
            for (var i = 0; i < depth; i++) Text.Append(indent);
        }

        private void Quote(string text)
        {
            Text.Append('"');
            foreach (var c in text)
            {
                switch (c)
                {
                    case '"': Text.Append("\\\""); break;
                    case '\\': Text.Append("\\\\"); break;
                    case '\n': Text.Append("\\n"); break;
                    case '\r': Text.Append("\\r"); break;
                    case '\t': Text.Append("\\t"); break;
                    case '\b': Text.Append("\\b"); break;
                    case '\f': Text.Append("\\f"); break;
                    default:
                        if (c < 32 || (ascii && c > 126)) Text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                        else Text.Append(c);
                        break;
                }
            }
            Text.Append('"');
        }
    }
}
