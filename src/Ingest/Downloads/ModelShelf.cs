using System.IO.Enumeration;

namespace ModelAtlas.Ingest.Downloads;

/// <summary>
/// The models that were fetched: <c>owner/name/COMMIT/…</c> holds the files as the hub has them, <c>owner/name/COMMIT.json</c> says that they are all there. A model without an owner lies under <c>_</c>.
/// </summary>
public sealed class ModelShelf(string home)
{
    private const int LongestSegment = 96;
    private static readonly TimeSpan UseStep = TimeSpan.FromMinutes(1);

    public string Home { get; } = Path.GetFullPath(home);

    /// <summary>By its id on the hub, or by the last part of it where only one model has it. Null when it is not (wholly) there.</summary>
    public ShelvedModel? Find(string name)
    {
        if (Place(name) is { } place && Current(place) is { } model) return model;
        return name.Contains('/', StringComparison.Ordinal) ? null : List().Where(other => other.Manifest.Id.EndsWith("/" + name, StringComparison.OrdinalIgnoreCase)).ToList() is [var only] ? only : null;
    }

    public IEnumerable<ShelvedModel> List() => Places().Select(Current).OfType<ShelvedModel>().OrderBy(model => model.Manifest.Id, StringComparer.OrdinalIgnoreCase);

    /// <summary>Bytes of every file below, of models that are not whole as well.</summary>
    internal long Bytes() => Below(Home).OfType<FileInfo>().Where(file => file.LinkTarget is null).Sum(file => file.Length);

    /// <summary>The folder of a model; null for what cannot be the id of one.</summary>
    internal string? Place(string id) => id.Split('/') switch
    {
        [var name] when IsSegment(name) => Path.Combine(Home, "_", name),
        [var owner, var name] when IsSegment(owner) && IsSegment(name) => Path.Combine(Home, owner, name),
        _ => null,
    };

    internal static ShelvedModel? Current(string place) => Manifests(place).OrderByDescending(manifest => manifest.FetchedAt).FirstOrDefault() is { } newest ? new(newest, Path.Combine(place, newest.Commit)) : null;

    internal static IEnumerable<ShelfManifest> Manifests(string place) =>
        Directory.Exists(place) ? new DirectoryInfo(place).EnumerateFiles("*.json", Here).Select(ShelfManifest.Read).OfType<ShelfManifest>() : [];

    /// <summary>Notes that a model was asked just now, to the minute: what is asked least leaves first when room is needed.</summary>
    public void Use(string id)
    {
        if (Place(id) is { } place && Current(place) is { } model && TimeProvider.System.GetUtcNow().UtcDateTime - UsedAt(model) > UseStep) File.SetLastWriteTimeUtc(ManifestOf(place, model), TimeProvider.System.GetUtcNow().UtcDateTime);
    }

    /// <summary>When a model was last asked, or came.</summary>
    public DateTime UsedAt(ShelvedModel model) => File.GetLastWriteTimeUtc(ManifestOf(Path.GetDirectoryName(model.Folder) ?? Home, model));

    /// <summary>Takes a model off the shelf; what has it open keeps it until it ends.</summary>
    public bool Remove(string id)
    {
        if (Place(id) is not { } place || Current(place) is not { } model) return false;
        using var turn = ShelfTurn.TryTake(place);
        if (turn is null) return false;
        File.Delete(ManifestOf(place, model)); // first: without it the rest counts for nothing
        Directory.Delete(model.Folder, recursive: true);
        return true;
    }

    /// <summary>Lets the models longest unused go until no more than so many bytes are left, or all that remain were used since <paramref name="since"/>.</summary>
    internal void MakeRoom(long most, string except, DateTimeOffset since)
    {
        foreach (var model in List().Where(model => Path.GetDirectoryName(model.Folder) != except && UsedAt(model) < since.UtcDateTime).OrderBy(UsedAt))
        {
            if (Bytes() <= most) return;
            Remove(model.Manifest.Id);
        }
    }

    private static string ManifestOf(string place, ShelvedModel model) => Path.Combine(place, model.Manifest.Commit + ".json");

    /// <summary>What a killed download left, in any model that nobody fetches now; of <paramref name="except"/> it is kept, to be gone on with.</summary>
    internal void RemoveOrphans(string except)
    {
        foreach (var place in Places().Where(place => place != except))
            try
            {
                using var turn = ShelfTurn.TryTake(place);
                if (turn is not null) Tidy(place);
            }
            catch (UnauthorizedAccessException)
            {
                // another user's: no download of ours left anything there
            }
    }

    /// <summary>Leaves the newest whole model alone.</summary>
    internal static void Tidy(string place)
    {
        var current = Current(place)?.Manifest.Commit;
        bool IsOld(string name) => IsCommit(name) && name != current;
        foreach (var entry in Below(place).Where(entry => PartFile.IsPart(entry.Name) || entry.Extension == ".json" && IsOld(Path.GetFileNameWithoutExtension(entry.Name))).ToList()) entry.Delete();
        foreach (var folder in new DirectoryInfo(place).EnumerateDirectories("*", Here).Where(folder => IsOld(folder.Name) && folder.LinkTarget is null).ToList()) folder.Delete(recursive: true);
    }

    /// <summary>The first link on the way to a model, or in it: whoever planted one wants us to write or read elsewhere.</summary>
    internal string? Link(string place)
    {
        for (var folder = new DirectoryInfo(place); folder.FullName.Length > Home.Length; folder = folder.Parent ?? throw new ArgumentException(place, nameof(place)))
            if (folder.LinkTarget is not null) return folder.FullName;
        return Below(place).FirstOrDefault(entry => entry.LinkTarget is not null)?.FullName;
    }

    /// <summary>Everything below a folder, links among it, but never what they lead to.</summary>
    internal static IEnumerable<FileSystemInfo> Below(string folder) => !Directory.Exists(folder) ? [] : new FileSystemEnumerable<FileSystemInfo>(
        folder, (ref FileSystemEntry entry) => entry.ToFileSystemInfo(), new() { RecurseSubdirectories = true, AttributesToSkip = 0, MaxRecursionDepth = 16 })
    {
        ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
    };

    private static EnumerationOptions Here { get; } = new() { AttributesToSkip = 0 };

    private IEnumerable<string> Places() => !Directory.Exists(Home) ? [] : new DirectoryInfo(Home).EnumerateDirectories("*", Here).Where(owner => owner.LinkTarget is null)
        .SelectMany(owner => owner.EnumerateDirectories("*", Here)).Where(model => model.LinkTarget is null).Select(model => model.FullName);

    private static bool IsCommit(string name) => name.Length == 40 && name.All(char.IsAsciiHexDigit);

    private static bool IsSegment(string segment) => segment.Length <= LongestSegment && FileNames.IsPart(segment) && segment.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
