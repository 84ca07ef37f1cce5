using System.Security.Cryptography;
using System.Text.Json;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>A site with a model on its shelf: the reference data's smallest, which tells stories.</summary>
public sealed class ShelfFixture(PostgresFixture postgres) : IAsyncLifetime
{
    public const string Model = "acme/stories";

    /// <summary>It was made to go on, not to chat: the messages stand one behind the other.</summary>
    private const string Template = "{{ bos_token }}{% for message in messages %}{{ message['content'] }} {% endfor %}";

    private static readonly string Commit = new('a', 40);
    private TestFolder? _folder;
    private RunningSite? _site;

    /// <summary>Null where the reference data is not at hand.</summary>
    public RunningSite? Site => _site;

    public string Folder => _folder?.Path ?? throw new InvalidOperationException("There is no shelf.");

    public Task<string> DatabaseAsync() => postgres.CreateDatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        if (SharedData.Find("models/stories260K") is not { } source) return;
        _folder = await TestFolder.CreateAsync("shelf");
        await FillAsync(source, Path.Combine(_folder.Path, "models", "acme", "stories"));
        _site = await StartAsync();
    }

    /// <summary>Another site over the same shelf.</summary>
    public async Task<RunningSite> StartAsync(params string[] settings) => await RunningSite.StartAsync(await postgres.CreateDatabaseAsync(), [$"--Atlas:Data={_folder?.Path}", .. settings]);

    public async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        if (_folder is not null) await _folder.DisposeAsync();
    }

    /// <summary>As a download leaves it.</summary>
    private static async Task FillAsync(string source, string place)
    {
        List<object> files = [];
        Directory.CreateDirectory(Path.Combine(place, Commit));
        await File.WriteAllTextAsync(Path.Combine(place, Commit, "chat_template.jinja"), Template);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(source, file);
            var target = Path.Combine(place, Commit, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? place);
            File.Copy(file, target);
            files.Add(new { path, source = path, size = new FileInfo(target).Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(target))), written = File.GetLastWriteTimeUtc(target).Ticks });
        }
        var template = Path.Combine(place, Commit, "chat_template.jinja");
        files.Add(new { path = "chat_template.jinja", source = "chat_template.jinja", size = new FileInfo(template).Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(template))), written = File.GetLastWriteTimeUtc(template).Ticks });
        await File.WriteAllTextAsync(Path.Combine(place, Commit + ".json"), JsonSerializer.Serialize(new { id = Model, commit = Commit, fetchedAt = DateTimeOffset.UnixEpoch, files }));
    }
}
