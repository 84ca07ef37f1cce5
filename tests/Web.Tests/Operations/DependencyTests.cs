using System.Text.Json;
using System.Xml.Linq;
using System.Xml.XPath;

namespace ModelAtlas.Web.Tests.Operations;

public sealed class DependencyTests
{
    [Fact]
    public void OPS_03_nothing_restored_is_a_version_with_a_known_hole()
    {
        var denied = JsonDocument.Parse(Repository.Read("eng/denied-packages.json")).RootElement.GetProperty("packages").EnumerateArray().Select(DeniedPackage.Read).ToList();
        var restored = AssetFiles().SelectMany(Libraries).Distinct().ToList();

        Assert.NotEmpty(denied);
        Assert.Contains(restored, library => library.StartsWith("Npgsql/", StringComparison.Ordinal)); // it did look
        Assert.Empty(denied.SelectMany(package => restored.Where(package.Matches).Select(library => $"{library}: {package.Why}")));
    }

    [Theory]
    [InlineData("Newtonsoft.Json/12.0.1", true)]
    [InlineData("Newtonsoft.Json/13.0.1-beta1", true)]
    [InlineData("newtonsoft.json/13.0.4", false)]
    [InlineData("Other/1.0.0", false)]
    public void OPS_03_the_check_itself_tells_versions_apart(string library, bool denied) =>
        Assert.Equal(denied, new DeniedPackage("Newtonsoft.Json", new(0, 0), new(13, 0, 1), "").Matches(library));

    [Fact]
    public void OPS_04_every_project_has_a_lock_file_and_gets_exactly_the_versions_it_names()
    {
        var central = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).XPathSelectElements("//PackageVersion")
            .ToLookup(package => (string?)package.Attribute("Include") ?? "", package => (string?)package.Attribute("Version") ?? "", StringComparer.OrdinalIgnoreCase); // a flavour may have a version of its own
        var wrong = new List<string>();
        foreach (var project in Repository.Files().Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)))
        {
            var lockFile = Path.Combine(Path.GetDirectoryName(project) ?? "", "packages.lock.json");
            if (!File.Exists(lockFile))
            {
                wrong.Add($"{Repository.Relative(project)} has no packages.lock.json");
                continue;
            }
            foreach (var framework in JsonDocument.Parse(File.ReadAllText(lockFile)).RootElement.GetProperty("dependencies").EnumerateObject())
                foreach (var package in framework.Value.EnumerateObject())
                    if (package.Value.GetProperty("type").GetString() == "Direct" && central[package.Name].ToList() is [_, ..] named && !named.Contains(package.Value.GetProperty("resolved").GetString() ?? ""))
                        wrong.Add($"{Repository.Relative(lockFile)}: {package.Name} is named {string.Join(" or ", named)}, resolved {package.Value.GetProperty("resolved")}");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void OPS_04_versions_are_exact_and_live_in_one_place()
    {
        var props = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));
        Assert.DoesNotContain(props.XPathSelectElements("//PackageVersion"), package => ((string?)package.Attribute("Version") ?? "*").AsSpan().ContainsAny("*[]()"));
        Assert.DoesNotContain(
            Repository.Files().Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)),
            project => XDocument.Load(project).XPathSelectElements("//PackageReference[@Version]").Any());
    }

    [Fact]
    public void The_page_of_dependencies_lists_what_ships()
    {
        var page = Repository.Read("docs/dependencies.md");
        var shipped = JsonDocument.Parse(Repository.Read("src/Web/packages.lock.json")).RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(package => $"| {package.Name} | {package.Value.GetProperty("resolved").GetString()} |");

        Assert.All(shipped, line => Assert.Contains(line, page, StringComparison.Ordinal)); // else run eng/dependencies.py
    }

    private static IEnumerable<string> AssetFiles() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "artifacts", "obj"), "project.assets.json", SearchOption.AllDirectories);

    private static IEnumerable<string> Libraries(string assets)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(assets));
        return [.. document.RootElement.GetProperty("libraries").EnumerateObject().Where(library => library.Value.GetProperty("type").GetString() == "package").Select(library => library.Name)];
    }

    private sealed record DeniedPackage(string Id, Version From, Version Below, string Why)
    {
        public static DeniedPackage Read(JsonElement entry) => new(
            entry.GetProperty("id").GetString() ?? "",
            entry.TryGetProperty("from", out var from) ? new(from.GetString() ?? "0.0") : new(0, 0),
            new(entry.GetProperty("below").GetString() ?? "0.0"),
            entry.GetProperty("why").GetString() ?? "");

        /// <summary>A preview of the first good version is still a bad one.</summary>
        public bool Matches(string library)
        {
            if (library.Split('/') is not [var id, var full] || !id.Equals(Id, StringComparison.OrdinalIgnoreCase)) return false;
            var parts = full.Split('-', '+');
            return Version.TryParse(parts[0], out var version) && version >= From && (version < Below || (version == Below && full.Contains('-', StringComparison.Ordinal)));
        }
    }
}
