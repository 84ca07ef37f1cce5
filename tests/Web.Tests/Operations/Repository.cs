using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Web.Tests.Operations;

/// <summary>The files of this checkout that are part of it: no build output, no local settings, no data.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = [".git", "artifacts", ".atlas", "TestResults", "node_modules", ".vs", ".idea"];

    public static string Root { get; } = AtlasOptions.Checkout ?? throw new InvalidOperationException("These tests run inside the checkout.");

    public static string Read(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));

    public static IEnumerable<string> Files() => Files(Root);

    public static string Relative(string path) => Path.GetRelativePath(Root, path);

    private static IEnumerable<string> Files(string folder) =>
    [
        .. Directory.EnumerateFiles(folder).Where(path => Relative(path) is not ".env" && (Path.GetFileName(folder) != "secrets" || path.EndsWith(".md", StringComparison.Ordinal))),
        .. Directory.EnumerateDirectories(folder).Where(path => !NotOurs.Contains(Path.GetFileName(path))).SelectMany(Files),
    ];
}
