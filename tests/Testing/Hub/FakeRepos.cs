using System.Text;
using System.Text.Json.Nodes;

namespace ModelAtlas.Testing.Hub;

/// <summary>All models, or all datasets, of a <see cref="FakeHub"/>. May change while it is being crawled.</summary>
public sealed class FakeRepos
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FakeRepo> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _spelling = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _moved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FakeAnswer> _fates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _cards = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Id, string Path), FakeFile> _files = [];
    private readonly Dictionary<string, FakeRepo[]> _sorted = new(StringComparer.Ordinal);

    public int Count
    {
        get { lock (_gate) return _byId.Count; }
    }

    public IReadOnlyList<FakeRepo> All
    {
        get { lock (_gate) return [.. _byId.Values]; }
    }

    public FakeRepo Add(JsonObject repo) =>
        Add(Encoding.UTF8.GetBytes(repo.ToJsonString())) ?? throw new ArgumentException("A repository needs an id.", nameof(repo));

    /// <summary>Takes the bytes as they are; null when they have no id.</summary>
    public FakeRepo? Add(ReadOnlySpan<byte> json)
    {
        if (FakeRepo.TryRead(json) is not { } repo) return null;
        lock (_gate)
        {
            _byId[repo.Id] = repo;
            _spelling[repo.Id] = repo.Id;
            _sorted.Clear();
        }
        return repo;
    }

    public void Card(string id, string text)
    {
        lock (_gate) _cards[id] = text;
    }

    /// <summary>A file that is listed with its size and hash, and can be fetched; once more with the same path it is another content.</summary>
    public FakeFile File(string id, string path, byte[] content, bool large = true)
    {
        var file = new FakeFile(path, content, large);
        lock (_gate) _files[(id, path)] = file;
        Change(id, repo =>
        {
            var siblings = repo["siblings"]?.AsArray() ?? [];
            repo["siblings"] = new JsonArray([.. siblings.Where(other => $"{other?["rfilename"]}" != path).Select(other => other?.DeepClone()), file.Listed()]);
        });
        return file;
    }

    public FakeFile? FileOf(string id, string path)
    {
        lock (_gate) return _files.GetValueOrDefault((id, path));
    }

    /// <summary>By what it hashes to, as the store of large files is asked.</summary>
    public FakeFile? FileOf(string sha256)
    {
        lock (_gate) return _files.Values.FirstOrDefault(file => file.Sha256 == sha256);
    }

    public void Change(string id, Action<JsonObject> change)
    {
        var document = Known(id).Document;
        change(document);
        Add(document);
    }

    public void Remove(string id)
    {
        lock (_gate)
        {
            if (!_byId.Remove(id)) throw new KeyNotFoundException(id);
            _spelling.Remove(id);
            _sorted.Clear();
        }
    }

    /// <summary>The same repository under another name; the old one redirects.</summary>
    public void Rename(string from, string to)
    {
        var document = Known(from).Document;
        document["_id"] ??= Known(from).HubId;
        document["id"] = to;
        document.Remove("modelId");
        Remove(from);
        Add(document);
        Redirect(from, to);
    }

    public void Redirect(string from, string to)
    {
        lock (_gate) _moved[from] = to;
    }

    /// <summary>From now on every question about this repository gets this answer, and lists leave it out.</summary>
    public void Fate(string id, FakeAnswer answer)
    {
        lock (_gate) _fates[id] = answer;
        Remove(id);
    }

    public (FakeRepo? Repo, string? MovedTo, FakeAnswer? Fate) Find(string id)
    {
        lock (_gate)
        {
            if (_fates.TryGetValue(id, out var fate)) return (null, null, fate);
            if (_byId.TryGetValue(id, out var repo)) return (repo, null, null);
            if (_moved.TryGetValue(id, out var moved)) return (null, moved, null);
            return (null, _spelling.GetValueOrDefault(id), null);
        }
    }

    public string? CardOf(string id)
    {
        lock (_gate) return _cards.GetValueOrDefault(id);
    }

    /// <summary>Falling by key, then rising by object id, as the hub's keyset cursors go.</summary>
    public FakeRepo[] SortedBy(string sort)
    {
        lock (_gate)
        {
            if (_sorted.TryGetValue(sort, out var sorted)) return sorted;
            var keyed = _byId.Values.Select(repo => (Key: KeyOf(repo, sort), repo.HubId, Repo: repo)).ToArray();
            Array.Sort(keyed, (a, b) => Compare((a.Key, a.HubId), (b.Key, b.HubId)));
            sorted = Array.ConvertAll(keyed, entry => entry.Repo);
            return _sorted[sort] = sorted;
        }
    }

    public static long KeyOf(FakeRepo repo, string sort) => sort switch
    {
        "lastModified" => new DateTimeOffset(repo.LastModified).ToUnixTimeMilliseconds(),
        "trendingScore" => repo.Trending,
        _ => new DateTimeOffset(repo.CreatedAt).ToUnixTimeMilliseconds(),
    };

    public static int Compare((long Key, string HubId) a, (long Key, string HubId) b) =>
        b.Key != a.Key ? b.Key.CompareTo(a.Key) : string.CompareOrdinal(a.HubId, b.HubId);

    private FakeRepo Known(string id)
    {
        lock (_gate) return _byId.GetValueOrDefault(id) ?? throw new KeyNotFoundException(id);
    }
}
