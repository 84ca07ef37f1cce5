using System.Diagnostics;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.HuggingFace.Gateway;

namespace ModelAtlas.Ingest.Downloads;

/// <param name="Sha256">Null when the file is not here, and then <paramref name="Complaint"/> says why in one sentence.</param>
/// <param name="Came">It was not here before.</param>
internal sealed record FetchedFile(string? Sha256, string? Complaint, bool Came = false);

/// <summary>Brings one file here: goes on where a cut left it, takes no byte more than declared, and gives it its name when its hash is right.</summary>
internal sealed class FileTransfer(HubFileDoor door, RetryPlan retries, TimeProvider clock, IOptions<HubOptions> options)
{
    /// <summary>An attempt that brought so much counts as progress: tries begin anew.</summary>
    private const long Worthwhile = 1 << 20;

    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);

    /// <param name="arrived">Gets the length so far.</param>
    public async Task<FetchedFile> FetchAsync(PlannedFile file, Uri uri, string commit, string target, Action<long> arrived, CancellationToken cancellationToken)
    {
        if (file.Hash is { } expected && new FileInfo(target) is { Exists: true, LinkTarget: null } there && there.Length == file.Size && await expected.CheckAsync(target, cancellationToken) is (var known, true))
            return new(known, null);
        for (var fresh = false; ; fresh = true)
        {
            await using var part = PartFile.Open(target, file.Size);
            var resumed = part.Length > 0;
            try
            {
                var (said, complaint) = await FillAsync(part, file, uri, commit, arrived, cancellationToken);
                if (complaint is not null) return new(null, complaint);
                part.Flush();
                if (!FileSniff.Fits(file.Path, part.Head(FileSniff.Length)))
                {
                    part.Delete();
                    return new(null, $"{file.Path} is not what its name says, and was removed.");
                }
                if ((file.Hash ?? FileHash.Of(said)) is not { } hash)
                {
                    part.Delete();
                    return new(null, $"{file.Path} comes without a hash to check it by, and was removed.");
                }
                var (sha256, fits) = await hash.CheckAsync(part.Path, cancellationToken);
                if (fits)
                {
                    part.Finish();
                    return new(sha256, null, Came: true);
                }
                part.Delete();
                if (!resumed || fresh) return new(null, $"{file.Path} is corrupt: its hash is not {hash.Hex}. It was removed: pull again, and if it stays so, the hub's copy is damaged.");
            }
            catch (Exception full) when (full is IOException or UnauthorizedAccessException)
            {
                part.Delete();
                return new(null, $"{file.Path} cannot be written ({full.Message.TrimEnd('.')}): make room, or choose another data folder.");
            }
        }
    }

    /// <returns>The hash that the hub's headers named, or why the file is not complete.</returns>
    private async Task<(string? Hash, string? Complaint)> FillAsync(PartFile part, PlannedFile file, Uri uri, string commit, Action<long> arrived, CancellationToken cancellationToken)
    {
        string? hash = null;
        var (tries, farthest) = (0, part.Length);
        while (part.Length < file.Size)
        {
            HubFileStep.Again again;
            switch (await door.OpenAsync(uri, commit, part.Length, part.ETag, cancellationToken))
            {
                case HubFileStep.Refused refused:
                    if (part.Length == 0) part.Delete();
                    return (null, $"{file.Path}: {refused.Reason}");
                case HubFileStep.Opened opened:
                    using (opened)
                    {
                        hash = opened.Hash ?? hash;
                        if (opened.From == 0) part.Restart(opened.ETag);
                        again = opened.ETag != part.ETag
                            ? new HubFileStep.Again("The file changed in between.") { Restarts = true }
                            : new(await CopyAsync(opened, part, file.Size, arrived, cancellationToken) ?? "The file ended early.");
                    }
                    break;
                case HubFileStep.Again other:
                    again = other;
                    break;
                default:
                    throw new UnreachableException();
            }
            if (again.Restarts) part.Restart(null);
            if (part.Length == file.Size) break;
            if (part.Length > farthest + Worthwhile) (tries, farthest) = (0, part.Length);
            if (tries == options.Value.Retries) return (null, $"{file.Path} stopped at {part.Length} of {file.Size} bytes: {again.Reason} Pull again to go on.");
            await Task.Delay(again.Wait ?? retries.Before(tries), clock, cancellationToken);
            tries++;
        }
        return (hash, null);
    }

    /// <summary>Null when the body ended by itself or all bytes are here, else what went wrong with it.</summary>
    private async Task<string?> CopyAsync(HubFileStep.Opened opened, PartFile part, long size, Action<long> arrived, CancellationToken cancellationToken)
    {
        var buffer = new byte[128 << 10];
        var (started, copied) = (Stopwatch.GetTimestamp(), 0L);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Value.Deadline);
        Stream body;
        try
        {
            body = await opened.Response.Content.ReadAsStreamAsync(deadline.Token);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return "The connection was cut.";
        }
        while (part.Length < size)
        {
            int read;
            try
            {
                deadline.CancelAfter(options.Value.Deadline);
                read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, size - part.Length)), deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return $"Nothing came for {options.Value.Deadline.TotalSeconds:0.#} s.";
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException)
            {
                return "The connection was cut.";
            }
            if (read == 0) return null;
            await part.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            copied += read;
            arrived(part.Length);
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed > _grace && copied < elapsed.TotalSeconds * options.Value.MinimumRate) return "The file comes too slowly.";
        }
        return null;
    }
}
