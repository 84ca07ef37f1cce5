namespace ModelAtlas.Bundle;

/// <summary>A hand-written list: one id a line, then <c>#</c> and the reason.</summary>
internal static class Choice
{
    public static List<string> Read(string path)
    {
        List<string> chosen = [];
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in File.ReadLines(path))
        {
            var comment = line.IndexOf('#', StringComparison.Ordinal);
            var id = (comment < 0 ? line : line[..comment]).Trim();
            if (id.Length == 0) continue;
            if (comment < 0) throw new InvalidDataException($"{path}: {id} has no reason after a #.");
            if (!seen.Add(id)) throw new InvalidDataException($"{path}: {id} stands there twice.");
            chosen.Add(id);
        }
        return chosen;
    }
}
