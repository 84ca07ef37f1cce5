using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using Node = System.Collections.Generic.Dictionary<object, object>;

namespace ModelAtlas.Web.Tests.Operations;

/// <summary>What docker-compose.yml promises (OPS-02), read the way compose reads it: merged, then service by service.</summary>
public sealed partial class ComposeTests
{
    private static readonly Node Compose = new DeserializerBuilder().Build().Deserialize<Node>(new MergingParser(new Parser(new StringReader(Repository.Read("docker-compose.yml")))));

    public static TheoryData<string> Services => [.. Section(Compose, "services").Keys.Select(name => (string)name)];

    [Theory]
    [MemberData(nameof(Services))]
    public void OPS_02_a_service_is_hardened(string name)
    {
        var service = Service(name);

        Assert.Matches("^[1-9][0-9]*:[1-9][0-9]*$", Text(service, "user"));
        Assert.Equal("true", Text(service, "read_only"));
        Assert.Contains("ALL", List(service, "cap_drop"));
        Assert.False(service.ContainsKey("cap_add"));
        Assert.False(service.ContainsKey("privileged"));
        Assert.Contains("no-new-privileges:true", List(service, "security_opt"));
        Assert.True(int.Parse(Text(service, "pids_limit"), provider: null) > 0);
        Assert.Matches("^[0-9]+[mg]$", Text(service, "mem_limit"));
        Assert.NotEmpty(List(Section(service, "healthcheck"), "test"));
        Assert.Matches(":[0-9]+\\.[0-9]+", Text(service, "image"));
        Assert.DoesNotContain("/var/run/docker.sock", Text(service, "volumes", ""), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void OPS_01_a_service_gets_its_secrets_as_files(string name)
    {
        foreach (var (key, value) in Section(Service(name), "environment"))
            if (SecretName().IsMatch((string)key)) Assert.StartsWith("/run/secrets/", (string)value, StringComparison.Ordinal);
        Assert.DoesNotContain("Password=", string.Join('\n', Section(Service(name), "environment").Values), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void OPS_02_the_database_is_reached_by_the_services_alone()
    {
        var db = Service("db");
        Assert.False(db.ContainsKey("ports"));
        Assert.All(List(db, "networks"), network => Assert.Equal("true", Text(Section(Section(Compose, "networks"), network), "internal")));
    }

    [Fact]
    public void OPS_02_ports_are_published_to_this_machine_unless_asked_otherwise() =>
        Assert.All(
            Section(Compose, "services").Values.Cast<Node>().Where(service => service.ContainsKey("ports")).SelectMany(service => List(service, "ports")),
            port => Assert.StartsWith("${ATLAS_BIND:-127.0.0.1}:", port, StringComparison.Ordinal));

    [Fact]
    public void OPS_02_a_host_of_models_alone_has_no_way_out_and_no_secrets()
    {
        foreach (var service in Section(Compose, "services").Values.Cast<Node>().Where(service => service.TryGetValue("environment", out var given) && Text((Node)given, "Atlas__Roles", "") == "inference"))
        {
            Assert.All(List(service, "networks"), network => Assert.Equal("true", Text(Section(Section(Compose, "networks"), network), "internal")));
            Assert.False(service.ContainsKey("secrets"));
        }
    }

    [Fact]
    public void The_gpu_profile_builds_the_cuda_flavour_and_reserves_a_gpu()
    {
        var service = Assert.Single(Section(Compose, "services").Values.Cast<Node>(), service => service.TryGetValue("profiles", out var profiles) && ((List<object>)profiles).Contains("gpu"));
        var target = Text(Section(service, "build"), "target");

        Assert.Contains($"AS {target}\n", Repository.Read("Dockerfile"), StringComparison.Ordinal);
        Assert.Contains("-p:Accelerator=cuda", Repository.Read("Dockerfile"), StringComparison.Ordinal);
        Assert.True(Section(service, "deploy").ContainsKey("resources"));
    }

    [Fact]
    public void Every_variable_of_the_compose_file_is_explained_in_the_example_and_the_other_way_round()
    {
        var used = Variable().Matches(Repository.Read("docker-compose.yml")).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);
        var explained = Repository.Read(".env.example").Split('\n').Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#')).Select(line => line.Split('=')[0]).Order(StringComparer.Ordinal);

        Assert.Equal(explained, used);
    }

    [Fact]
    public void Images_are_pinned_and_do_not_run_as_root()
    {
        var lines = Repository.Read("Dockerfile").Split('\n');
        Assert.All(lines.Where(line => line.StartsWith("ARG ", StringComparison.Ordinal) && line.Contains("_IMAGE=", StringComparison.Ordinal)), line => Assert.Matches(@":\d+\.\d+\.\d+-", line));
        Assert.All(lines.Where(line => line.StartsWith("USER ", StringComparison.Ordinal)), line => Assert.Matches("^USER [1-9]", line));
        Assert.Equal(lines.Count(line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal)), lines.Count(line => line.StartsWith("USER", StringComparison.Ordinal)));
    }

    private static Node Service(string name) => Section(Section(Compose, "services"), name);

    private static Node Section(Node node, string key) => Assert.IsType<Node>(node[key]);

    private static string Text(Node node, string key, string? absent = null) => node.TryGetValue(key, out var value) ? $"{value}" : absent ?? throw new KeyNotFoundException(key);

    private static IEnumerable<string> List(Node node, string key) => Assert.IsType<List<object>>(node[key]).Select(item => $"{item}");

    [GeneratedRegex(@"\$\{([A-Z_]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();

    [GeneratedRegex("password|secret|token|apikey", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();
}
