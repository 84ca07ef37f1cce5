using System.Security.Cryptography;
using System.Text;
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
        Dictionary<string, byte[]> files = new() { ["chat_template.jinja"] = Encoding.UTF8.GetBytes(Template) };
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories)) files[Path.GetRelativePath(source, file)] = await File.ReadAllBytesAsync(file);
        await AddAsync(Model, files);
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
    public async Task AddAsync(string id, IReadOnlyDictionary<string, byte[]> files)
    {
        var place = Path.Combine(Folder, "models", id);
        List<object> known = [];
        foreach (var (path, content) in files)
        {
            var target = Path.Combine(place, Commit, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? place);
            await File.WriteAllBytesAsync(target, content);
            known.Add(new { path, source = path, size = content.Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(content)), written = File.GetLastWriteTimeUtc(target).Ticks });
        }
        await File.WriteAllTextAsync(Path.Combine(place, Commit + ".json"), JsonSerializer.Serialize(new { id, commit = Commit, fetchedAt = DateTimeOffset.UnixEpoch, files = known }));
    }
}
