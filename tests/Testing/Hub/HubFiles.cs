using System.IO.Compression;
using System.Text.Json;

namespace ModelAtlas.Testing.Hub;

/// <summary>Fills a fake hub from files of the hub's own rows, one JSON object a line, gzip or not.</summary>
public static class HubFiles
{
    public static void Load(FakeRepos repos, string path, string pattern = "*")
    {
        foreach (var file in Directory.Exists(path) ? Directory.GetFiles(path, pattern) : [path])
            foreach (var line in Lines(file)) repos.Add(line);
    }

    public static void LoadCards(FakeRepos repos, string path)
    {
        foreach (var line in Lines(path))
        {
            using var row = JsonDocument.Parse(line);
            if (row.RootElement.GetProperty("id").GetString() is { } id && row.RootElement.GetProperty("card").GetString() is { } card) repos.Card(id, card);
        }
    }

    /// <summary>A model folder under an id: every file of it can be fetched.</summary>
    public static void LoadFolder(FakeRepos repos, string id, string folder)
    {
        repos.Add(new System.Text.Json.Nodes.JsonObject { ["id"] = id });
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            repos.File(id, Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllBytes(file), large: Path.GetExtension(file) is not (".json" or ".txt" or ".md" or ".jinja"));
    }

    public static string Text(string path)
    {
        using var reader = new StreamReader(Open(path));
        return reader.ReadToEnd();
    }

    private static Stream Open(string path)
    {
        var file = File.OpenRead(path);
        var packed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return packed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static IEnumerable<byte[]> Lines(string path)
    {
        using var text = Open(path);
        var buffer = new byte[1 << 20];
        var length = 0;
        while (true)
        {
            var read = text.Read(buffer, length, buffer.Length - length);
            length += read;
            var start = 0;
            for (int end; (end = buffer.AsSpan(start, length - start).IndexOf((byte)'\n')) >= 0; start += end + 1)
                if (end > 0) yield return buffer[start..(start + end)];
            buffer.AsSpan(start, length - start).CopyTo(buffer);
            length -= start;
            if (read == 0) break;
            if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        }
        if (length > 0) yield return buffer[..length];
    }
}
