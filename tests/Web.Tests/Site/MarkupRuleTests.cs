using System.Runtime.CompilerServices;

namespace ModelAtlas.Web.Tests.Site;

public sealed class MarkupRuleTests
{
    /// <summary>Those that may: what a search engine reads of a model, as JSON whose writer escapes every mark of markup; and elements of ours as one text, encoded to the letter as the renderer does (FlatTests).</summary>
    private static readonly string[] Allowed = ["StructuredData.razor", "Flat.cs"];

    [Fact]
    public void WEB_03_Nothing_but_the_card_component_writes_markup_of_others()
    {
        string[] banned = ["MarkupString", "AddMarkupContent", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"];
        var sources = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here()) ?? "", "../../../src/Web"));
        var found =
            from file in Directory.EnumerateFiles(sources, "*", SearchOption.AllDirectories)
            where Path.GetExtension(file) is ".razor" or ".cs" or ".js" && !Allowed.Contains(Path.GetFileName(file))
            let text = File.ReadAllText(file)
            from word in banned
            where text.Contains(word, StringComparison.Ordinal)
            select $"{Path.GetRelativePath(sources, file)}: {word}";
        Assert.Empty(found);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
