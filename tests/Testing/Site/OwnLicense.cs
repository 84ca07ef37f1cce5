namespace ModelAtlas.Testing.Site;

/// <summary>The licence of this repository, a known text that tests may show and change.</summary>
public static class OwnLicense
{
    public static string Text { get; } = Read();

    public static string Changed { get; } = Text
        .Replace("royalty-free", "royalty-bearing", StringComparison.Ordinal)
        .Replace("END OF TERMS AND CONDITIONS", "10. Use in weapons is forbidden to everybody <b>without exception</b>, and no service may have more than 1,000 users in a month.\n\n   END OF TERMS AND CONDITIONS", StringComparison.Ordinal);

    private static string Read()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ModelAtlas.sln"))) return File.ReadAllText(Path.Combine(folder.FullName, "LICENSE"));
        throw new InvalidOperationException("These tests run inside the checkout.");
    }
}
