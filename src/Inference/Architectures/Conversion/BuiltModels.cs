using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModelAtlas.Inference.Architectures.Building;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Checkpoints.Adapters;
using ModelAtlas.Inference.Checkpoints.Gguf;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Conversion;

/// <summary>Graphs built from published weights, each in a folder named after what it was made from and how. A folder is there whole or not at all; what was broken off is gone on with.</summary>
/// <param name="quota">Bytes that all of them may take.</param>
internal sealed class BuiltModels(string home, long quota)
{
    /// <summary>Raised when graphs are built in another way than before.</summary>
    private const int Version = 3;

    /// <summary>In a folder that is not whole: what it is to become.</summary>
    private const string PlanFile = "plan";

    private const long SpareBytes = 256L * 1024 * 1024;

    /// <summary>Where graphs are kept when nobody says.</summary>
    public static string UsualHome { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } local ? local : Path.GetTempPath(), "modelatlas", "built");

    /// <summary>Whether the weights of a folder or file are of a kind that a graph is built from.</summary>
    public static bool CanBuildFrom(string path) =>
        File.Exists(path) ? path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)
        : Directory.Exists(path) && Directory.EnumerateFiles(path).Any(file => Path.GetExtension(file) is ".safetensors" or ".gguf" or ".bin" or ".pt" or ".pth");

    /// <summary>The folder of the built graph, if it is there, without counting as a use of it.</summary>
    public string? Look(string source, string? baseFolder, BuiltPrecision precision) =>
        FolderOf(source, baseFolder, precision) is var folder && File.Exists(Path.Combine(folder, ModelBuilder.GraphFile)) ? folder : null;

    /// <summary>The folder of the built graph, if it is there.</summary>
    public string? Find(string source, string? baseFolder, BuiltPrecision precision)
    {
        if (Look(source, baseFolder, precision) is not { } folder) return null;
        try
        {
            Directory.SetLastWriteTimeUtc(folder, TimeProvider.System.GetUtcNow().UtcDateTime); // when it was last of use
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's: its age is theirs to keep.
        }
        return folder;
    }

    /// <summary>When the folder was last of use to anybody.</summary>
    public static DateTime UsedAt(string folder) => Directory.GetLastWriteTimeUtc(folder);

    /// <summary>Deletes a graph that was built in passing, unless somebody has asked for it since.</summary>
    /// <param name="usedAt">When it was last of use to whoever deletes it.</param>
    public static void Discard(string folder, DateTime usedAt)
    {
        try
        {
            using var turn = Turn(folder + ".lock", CancellationToken.None);
            if (UsedAt(folder) == usedAt) Directory.Delete(folder, recursive: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Gone already, or in use: it leaves when room is needed.
        }
    }

    /// <summary>The folder of the graph, built where it is not there yet.</summary>
    /// <exception cref="ModelRefusedException">It cannot be built; the message says why.</exception>
    public string Build(string source, string? baseFolder, BuiltPrecision precision, IProgress<BuildProgress>? progress, CancellationToken cancellationToken)
    {
        var folder = FolderOf(source, baseFolder, precision);
        if (Find(source, baseFolder, precision) is { } ready) return ready;
        try
        {
            Directory.CreateDirectory(home);
            using var turn = Turn(folder + ".lock", cancellationToken);
            if (Find(source, baseFolder, precision) is { } since) return since;
            using var checkpoint = Checkpoint.Open(source, baseFolder);
            var partial = Directory.CreateDirectory(folder + ".partial").FullName;
            var builder = new ModelBuilder(checkpoint, precision, links: true);
            if (!FileLink.TryMake(builder.Links, partial)) builder = new(checkpoint, precision);
            StartAnewUnlessPlanned(partial, builder);
            CheckRoom(partial, builder);
            builder.WriteData(Path.Combine(partial, ModelBuilder.DataFile), Steps(builder, progress), cancellationToken);
            checkpoint.WriteTexts(partial);
            File.WriteAllText(Path.Combine(partial, "config.json"), checkpoint.Config.GetRawText());
            File.WriteAllBytes(Path.Combine(partial, ModelBuilder.GraphFile), builder.Graph);
            File.Delete(Path.Combine(partial, PlanFile));
            DurableFolder.Flush(partial);
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.Move(partial, folder);
            Clean(folder);
            return folder;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ModelRefusedException($"{source} cannot be made ready in {home} ({refused.Message}): free room there, or make the folder writable.");
        }
    }

    /// <summary>Weights that were written by another plan are of no use to this one.</summary>
    private static void StartAnewUnlessPlanned(string partial, ModelBuilder builder)
    {
        var (note, plan) = (Path.Combine(partial, PlanFile), Convert.ToHexStringLower(SHA256.HashData(builder.Graph)));
        if (File.Exists(note) && File.ReadAllText(note) == plan) return;
        File.Delete(Path.Combine(partial, ModelBuilder.DataFile));
        File.WriteAllText(note, plan);
    }

    /// <summary>What was not asked for the longest leaves, until the rest is within the limit; what others are building stays.</summary>
    private void Clean(string newest)
    {
        var all = new DirectoryInfo(home).EnumerateDirectories().Where(folder => folder.FullName != newest && !File.Exists(Path.ChangeExtension(folder.FullName, null) + ".lock"))
            .Select(folder => (Folder: folder, Bytes: Bytes(folder))).OrderBy(entry => entry.Folder.LastWriteTimeUtc).ToList();
        var sum = all.Sum(entry => entry.Bytes) + Bytes(new(newest));
        foreach (var (old, bytes) in all)
        {
            if (sum <= quota) return;
            old.Delete(recursive: true);
            sum -= bytes;
        }
    }

    private static long Bytes(DirectoryInfo folder) => folder.EnumerateFiles().Sum(file => file.Length);

    /// <summary>What <see cref="Build"/> would make, without writing anything.</summary>
    public (ModelConfig Config, OnnxFile File) Plan(string source, string? baseFolder, BuiltPrecision precision)
    {
        using var checkpoint = Checkpoint.Open(source, baseFolder);
        var builder = new ModelBuilder(checkpoint, precision, links: true);
        var folder = FolderOf(source, baseFolder, precision);
        return (ModelConfig.Of(checkpoint.Config, source), OnnxFile.Planned(Path.Combine(folder, ModelBuilder.GraphFile), builder.Graph, builder.DataLength + builder.LinkedBytes));
    }

    private static SynchronousProgress? Steps(ModelBuilder builder, IProgress<BuildProgress>? progress)
    {
        if (progress is null) return null;
        var (clock, first) = (Stopwatch.StartNew(), -1L);
        return new((done, next) =>
        {
            if (first < 0) first = done;
            var speed = (done - first) / Math.Max(0.001, clock.Elapsed.TotalSeconds);
            progress.Report(new(done, builder.DataLength, $"writing {OnnxReader.Shown(next)}", speed > 0 ? TimeSpan.FromSeconds((builder.DataLength - done) / speed) : null));
        });
    }

    private static void CheckRoom(string folder, ModelBuilder builder)
    {
        var data = new FileInfo(Path.Combine(folder, ModelBuilder.DataFile));
        var needed = builder.DataLength - (data.Exists ? data.Length : 0) + SpareBytes;
        if (new DriveInfo(folder).AvailableFreeSpace is var free && free < needed)
            throw new ModelRefusedException(string.Create(CultureInfo.InvariantCulture, $"The graph needs {needed / 1048576.0:N0} MiB in {folder} and {free / 1048576.0:N0} MiB are free: make room there, or ask for --weights int4."));
    }

    /// <summary>Waits while another process builds the same.</summary>
    private static FileStream Turn(string path, CancellationToken cancellationToken)
    {
        while (true)
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (File.Exists(path) && !cancellationToken.IsCancellationRequested)
            {
                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
                cancellationToken.ThrowIfCancellationRequested();
            }
    }

    /// <summary>Named after the files it is made from, as far as names, sizes and times tell them apart, and after how it is made.</summary>
    private string FolderOf(string source, string? baseFolder, BuiltPrecision precision)
    {
        var key = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Version} {precision}");
        foreach (var path in new[] { source, baseFolder ?? AdapterFolder.BaseBeside(source) })
            if (path is not null)
                foreach (var file in File.Exists(path) ? GgufSplit.Parts(path).Where(File.Exists).Select(part => new FileInfo(part)) : [.. new DirectoryInfo(path).EnumerateFiles().Where(IsPart).OrderBy(file => file.Name, StringComparer.Ordinal)])
                {
                    var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
                    key.Append(CultureInfo.InvariantCulture, $"\n{file.FullName} {target.Length} {target.LastWriteTimeUtc.Ticks}");
                }
        var name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)));
        var plain = string.Concat(name.Take(40).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_'));
        return Path.Combine(home, $"{plain}-{precision.ToString().ToLowerInvariant()}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())))[..16]}");
    }

    private static bool IsPart(FileInfo file) => file.Extension is ".safetensors" or ".gguf" or ".json" or ".model" or ".jinja";

    private sealed class SynchronousProgress(Action<long, string> report) : IProgress<(long Done, string Next)>
    {
        public void Report((long Done, string Next) value) => report(value.Done, value.Next);
    }
}

/// <summary>How far a graph is written.</summary>
/// <param name="Step">What is being done, in words.</param>
/// <param name="Left">Null where there is nothing to tell it from yet.</param>
public sealed record BuildProgress(long Done, long Total, string Step, TimeSpan? Left);
