namespace ModelAtlas.Testing;

/// <summary>The reference data beside the checkout (<c>../shared/data</c>). It is not part of the repository: a test that needs it asks for it and is skipped with a message where it is absent.</summary>
public static class SharedData
{
    /// <summary>Full path of a file or folder below <c>../shared/data</c>, or null where it is absent.</summary>
    public static string? Find(string relativePath)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "ModelAtlas.sln"))) continue;
            var path = Path.Combine(folder.FullName, "..", "shared", "data", relativePath);
            return Path.Exists(path) ? Path.GetFullPath(path) : null;
        }
        return null;
    }

    public static string SkipMessage(string relativePath) => $"../shared/data/{relativePath} is not beside this checkout";
}
