using System.Text;

namespace ModelAtlas.Tools.MeasureClassifier;

/// <summary>Comma-separated values with quotes, the first record being the header.</summary>
internal static class CsvFile
{
    public static IEnumerable<IReadOnlyList<string>> Read(string path)
    {
        List<string> record = [];
        var field = new StringBuilder();
        var quoted = false;
        var text = File.ReadAllText(path);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (quoted)
            {
                if (letter != '"') field.Append(letter);
                else if (at + 1 < text.Length && text[at + 1] == '"') field.Append(text[++at]);
                else quoted = false;
            }
            else if (letter == '"') quoted = true;
            else if (letter is ',' or '\n')
            {
                record.Add(field.ToString());
                field.Clear();
                if (letter == ',') continue;
                yield return record;
                record = [];
            }
            else if (letter != '\r') field.Append(letter);
        }
        if (record.Count == 0) yield break;
        record.Add(field.ToString());
        yield return record;
    }
}
