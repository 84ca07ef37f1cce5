using System.Globalization;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Downloads;

/// <param name="Done">Bytes here, of <paramref name="Total"/>.</param>
/// <param name="Step">What is being done: the file that comes, or that another process is waited for.</param>
public sealed record PullProgress(long Done, long Total, string Step);

/// <param name="Model">Whole and checked, when there is no complaint.</param>
/// <param name="Fetched">Bytes that came over the network.</param>
public sealed record PullResult(ShelvedModel? Model, string? Complaint, long Fetched = 0);

/// <summary>Fetches a model: one commit, whole or not at all, once however many ask for it at the same time.</summary>
public sealed class ModelDownload
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    /// <summary>A model that was asked within this time may be in memory: it stays.</summary>
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(30);


    private readonly HubClient _hub;
    private readonly FileTransfer _transfer;
    private readonly ModelShelf _shelf;
    private readonly DownloadOptions _limits;
    private readonly Uri _endpoint;
    private readonly TimeProvider _clock;

    internal ModelDownload(HubClient hub, FileTransfer transfer, ModelShelf shelf, IOptions<DownloadOptions> limits, IOptions<HubOptions> options, TimeProvider clock) =>
        (_hub, _transfer, _shelf, _limits, _endpoint, _clock) = (hub, transfer, shelf, limits.Value, options.Value.EndpointUri, clock);

    /// <param name="makesRoom">Where the shelf is full, the models longest unused leave it.</param>
    public async Task<PullResult> PullAsync(string id, PullWish wish, IProgress<PullProgress> progress, CancellationToken cancellationToken, bool makesRoom = false)
    {
        if (_shelf.Place(id) is null) return Refused("This is no id of a model: give OWNER/NAME as the hub has it.");
        var (outcome, model, detail, _, _) = await _hub.GetModelAsync(id, _patience, cancellationToken);
        if (model is null) return Refused(Words(id, outcome, detail));
        if (_shelf.Place(model.Id) is not { } place) return Refused($"The hub names the model {id} otherwise, in a way that is no folder's name here: it is not fetched.");
        if (model.Sha is not { } commit) return Refused($"The hub names no commit of {model.Id}, so that its files could be of different ones: it is not fetched.");
        if (model is { Disabled: true } or { Removed: true }) return Refused($"{model.Id} was switched off by the hub: choose another model.");
        var (files, complaint) = FilePlan.Choose(model.Id, model.Siblings ?? [], wish);
        if (complaint is not null) return Refused(complaint);
        try
        {
            if (_shelf.Link(place) is { } planted) return Refused($"{planted} is a link, which nothing here made: remove it.");
            await using var turn = await ShelfTurn.TakeAsync(place, () => progress.Report(new(0, files.Sum(file => file.Size), "another process is fetching this model")), cancellationToken);
            return await FetchAsync(model.Id, commit, place, files, progress, makesRoom, cancellationToken);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return Refused($"{place} cannot be written ({unwritable.Message.TrimEnd('.')}): give this user the right to, or choose another data folder with Atlas__Data.");
        }
    }

    private async Task<PullResult> FetchAsync(string id, string commit, string place, IReadOnlyList<PlannedFile> files, IProgress<PullProgress> progress, bool makesRoom, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(place, commit);
        var manifest = new FileInfo(folder + ".json");
        var known = await KnownAsync(manifest, folder, cancellationToken);
        var missing = files.Where(file => known.GetValueOrDefault(file.Target)?.Source != file.Path).ToList();
        var fetched = 0L;
        _shelf.RemoveOrphans(except: place);
        if (missing.Count > 0)
        {
            if (makesRoom) _shelf.MakeRoom(_limits.TotalBytes - missing.Sum(file => file.Size), except: place, _clock.GetUtcNow() - Unused);
            if (Shortage(id, place, folder, missing, known.Values.Sum(file => file.Size)) is { } shortage) return Refused(shortage);
            if (missing.Exists(file => File.Exists(Path.Combine(folder, file.Target)))) manifest.Delete(); // not whole any more, until it is again
            var (total, done) = (files.Sum(file => file.Size), files.Except(missing).Sum(file => file.Size));
            foreach (var file in missing)
            {
                var target = Path.Combine(folder, file.Target);
                var (sha256, complaint, came) = await _transfer.FetchAsync(file, AddressOf(id, commit, file.Path), commit, target, length => progress.Report(new(done + length, total, $"fetching {file.Path}")), cancellationToken);
                if (sha256 is null) return Refused($"{id}: {complaint}");
                known[file.Target] = new(file.Target, file.Path, file.Size, sha256, new FileInfo(target).LastWriteTimeUtc.Ticks);
                done += file.Size;
                if (came) fetched += file.Size;
            }
        }
        var whole = new ShelfManifest(id, commit, _clock.GetUtcNow(), [.. known.Values.OrderBy(file => file.Path, StringComparer.Ordinal)]);
        whole.Write(manifest.FullName);
        ModelShelf.Tidy(place);
        return new(new(whole, folder), null, fetched);
    }

    private Uri AddressOf(string id, string commit, string path)
    {
        static string Escaped(string text) => string.Join('/', text.Split('/').Select(Uri.EscapeDataString));
        return new(_endpoint, $"{Escaped(id)}/resolve/{commit}/{Escaped(path)}");
    }

    /// <summary>Files of this commit that are here, whole, from an earlier download.</summary>
    private static async Task<Dictionary<string, ShelfFile>> KnownAsync(FileInfo manifest, string folder, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, ShelfFile>(StringComparer.Ordinal);
        foreach (var file in ShelfManifest.Read(manifest)?.Files ?? [])
            if (await file.IsWholeAsync(folder, cancellationToken)) known[file.Path] = file;
        return known;
    }

    /// <summary>Null when there is room. No sum overflows: the hub's sizes and their number are bounded where they are read.</summary>
    private string? Shortage(string id, string place, string folder, List<PlannedFile> missing, long known)
    {
        var needed = missing.Sum(file => file.Size);
        if (known + needed > _limits.ModelBytes)
            return $"{id} takes {Bytes(known + needed)}, more than the {Bytes(_limits.ModelBytes)} that one model may: choose smaller weights with --weights, or raise Atlas__Downloads__ModelBytes.";
        var begun = missing.Select(file => new FileInfo(Path.Combine(folder, file.Target) + PartFile.Ending)).Sum(part => part.Exists ? part.Length : 0);
        var (coming, held) = (needed - begun, _shelf.Bytes());
        if (held + coming > _limits.TotalBytes)
            return $"{id} takes another {Bytes(coming)}, and {Bytes(held)} of the {Bytes(_limits.TotalBytes)} for models are used: delete models below {_shelf.Home}, or raise Atlas__Downloads__TotalBytes.";
        var free = new DriveInfo(place).AvailableFreeSpace;
        return coming > free ? $"{id} takes another {Bytes(coming)}, and {Bytes(free)} are free in {_shelf.Home}: make room, or choose another data folder with Atlas__Data." : null;
    }

    private static PullResult Refused(string complaint) => new(null, complaint);

    private static string Words(string id, HubOutcome outcome, string? detail) => outcome switch
    {
        HubOutcome.NotFound or HubOutcome.NotPublic or HubOutcome.Gone => $"The hub has no model {id} that this caller may see: check the name, and for a private one name a file with your token in Atlas__Hub__TokenFile.",
        HubOutcome.BadToken => "The hub does not accept the token of Atlas__Hub__TokenFile: write a valid one into that file, or unset the setting.",
        HubOutcome.Disabled or HubOutcome.Withdrawn => $"The hub took {id} down: choose another model.",
        HubOutcome.Offline => $"{id} cannot be fetched while Atlas__Offline is set: unset it.",
        _ => $"{id} cannot be fetched: {detail}",
    };

    private static string Bytes(long bytes) => bytes < 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MiB");
}
