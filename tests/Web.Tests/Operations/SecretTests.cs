using System.Text.Json;
using System.Text.RegularExpressions;

namespace ModelAtlas.Web.Tests.Operations;

public sealed partial class SecretTests
{
    [Fact]
    public void OPS_01_no_file_of_the_repository_holds_a_secret()
    {
        var found = Repository.Files()
            .Where(path => new FileInfo(path).Length < 32 << 20)
            .SelectMany(path => Secret().Matches(File.ReadAllText(path)).Select(match => $"{Repository.Relative(path)}: {match.Value[..12]}…"));

        Assert.Empty(found);
    }

    [Fact]
    public void OPS_01_appsettings_name_no_secret()
    {
        var keys = Repository.Files()
            .Where(path => Path.GetFileName(path).StartsWith("appsettings", StringComparison.Ordinal))
            .SelectMany(path => Keys(JsonDocument.Parse(File.ReadAllText(path)).RootElement));

        Assert.DoesNotContain(keys, key => SecretName().IsMatch(key));
    }

    [Fact]
    public void OPS_01_no_secret_is_baked_into_an_image()
    {
        var lines = Repository.Read("Dockerfile").Split('\n').Where(line => line.StartsWith("ENV", StringComparison.Ordinal) || line.StartsWith("ARG", StringComparison.Ordinal));

        Assert.DoesNotContain(lines, line => SecretName().IsMatch(line));
        Assert.StartsWith("**\n", Repository.Read(".dockerignore"), StringComparison.Ordinal); // only what is named goes in
        Assert.DoesNotContain("secrets", Repository.Read(".dockerignore"), StringComparison.Ordinal);
    }

    [Fact]
    public void OPS_01_git_ignores_the_places_of_local_secrets()
    {
        var ignored = Repository.Read(".gitignore").Split('\n');

        Assert.Contains("/.env", ignored);
        Assert.Contains("/secrets/*", ignored);
        Assert.Contains("/.atlas/", ignored);
    }

    private static IEnumerable<string> Keys(JsonElement element) => element.ValueKind is JsonValueKind.Object
        ? element.EnumerateObject().SelectMany(property => Keys(property.Value).Prepend(property.Name))
        : [];

    // Tokens of the hub, GitHub, AWS and OpenAI's kind, private keys, and a password written into a connection string.
    [GeneratedRegex("""\bhf_[A-Za-z0-9]{30,}|\bgh[pousr]_[A-Za-z0-9]{36,}|\bAKIA[0-9A-Z]{16}\b|\bsk-[A-Za-z0-9]{32,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bPassword=[^\s;"'{}<>$.…]{6,}""", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Secret();

    [GeneratedRegex("password|secret|token|apikey|connectionstring", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();
}
