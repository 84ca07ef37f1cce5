using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Code;

namespace ModelAtlas.Ingest.Tests.Code;

public sealed class CodeReaderTests
{
    private const string Tree = "https://api.github.com/repos/acme/kestrel/git/trees/HEAD?recursive=1";
    private static readonly CodeAddress Kestrel = new("acme", "kestrel");

    [Theory]
    [InlineData("https://github.com/Acme/Kestrel", "https://github.com/acme/kestrel")]
    [InlineData("https://github.com/acme/kestrel.git", "https://github.com/acme/kestrel")]
    [InlineData("http://www.github.com/acme/kestrel/blob/main/train.py#L3", "https://github.com/acme/kestrel")]
    [InlineData("https://github.com/acme/kestrel: Our code is here.", "https://github.com/acme/kestrel")]
    [InlineData("https://github.com/acme/kestrel?tab=readme", "https://github.com/acme/kestrel")]
    [InlineData("https://github.com/acme", null)]
    [InlineData("https://github.com/acme/..", null)]
    [InlineData("https://github.com.evil.example/acme/kestrel", null)]
    [InlineData("https://evil.example/github.com/acme/kestrel", null)]
    [InlineData("https://gist.github.com/acme/kestrel", null)]
    [InlineData("", null)]
    public void A_link_stands_for_the_repository_that_it_leads_into(string link, string? url) => Assert.Equal(url, CodeAddress.Parse(link)?.Url);

    [Fact]
    public async Task The_files_tell_the_licence_and_the_programs()
    {
        var host = new CodeHost(new()
        {
            [Tree] = """{"sha":"0","tree":[{"path":"README.md"},{"path":"COPYING"},{"path":"docs/LICENSE"},{"path":"src/model.py"},{"path":"scripts/pretrain_7b.sh"}]}""",
            ["https://raw.githubusercontent.com/acme/kestrel/HEAD/COPYING"] = "Words of a licence",
        });
        var read = await host.Reader().ReadAsync(Kestrel, TestContext.Current.CancellationToken);
        Assert.Equal(("COPYING", "Words of a licence", null), (read.LicensePath, read.LicenseText, read.Issue));
        Assert.Equal(["src/model.py", "scripts/pretrain_7b.sh"], read.Paths);
        Assert.Equal(2, host.Asked.Count);
    }

    [Fact]
    public async Task Without_the_list_of_files_the_usual_names_are_tried()
    {
        var host = new CodeHost(new() { ["https://raw.githubusercontent.com/acme/kestrel/HEAD/LICENSE.md"] = "Words of a licence" });
        var read = await host.Reader().ReadAsync(Kestrel, TestContext.Current.CancellationToken);
        Assert.Equal(("LICENSE.md", "Words of a licence"), (read.LicensePath, read.LicenseText));
        Assert.Contains("list of files", read.Issue, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"tree":3}""")]
    [InlineData("""{"tree":[1,{"path":4},{"path":"\ud800.py"}]}""")]
    [InlineData("""[]""")]
    [InlineData("not JSON")]
    public async Task An_answer_of_another_shape_tells_nothing(string answer)
    {
        var read = await new CodeHost(new() { [Tree] = answer }).Reader().ReadAsync(Kestrel, TestContext.Current.CancellationToken);
        Assert.Empty(read.Paths);
        Assert.Null(read.LicenseText);
    }

    [Fact]
    public async Task Of_a_repository_without_end_so_many_paths_are_kept()
    {
        var tree = $$"""{"tree":[{{string.Join(',', Enumerable.Range(0, 5_000).Select(at => $$"""{"path":"src/part{{at}}.py"}"""))}}]}""";
        Assert.Equal(CodeRepository.MostPaths, (await new CodeHost(new() { [Tree] = tree }).Reader().ReadAsync(Kestrel, TestContext.Current.CancellationToken)).Paths.Length);
    }
}
