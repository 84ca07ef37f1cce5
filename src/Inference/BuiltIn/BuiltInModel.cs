namespace ModelAtlas.Inference.BuiltIn;

/// <summary>The small model that comes with the program: it answers questions about licences and openness, with no network and nothing fetched.</summary>
public static class BuiltInModel
{
    public const string Id = "modelatlas/built-in";

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "BuiltIn");

    /// <summary>A build may leave it out.</summary>
    public static bool IsThere => File.Exists(Path.Combine(Folder, "config.json"));

    public static bool IsNamed(string name) => string.Equals(name, Id, StringComparison.OrdinalIgnoreCase) || string.Equals(name, "built-in", StringComparison.OrdinalIgnoreCase);

    public static long Bytes => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
}
