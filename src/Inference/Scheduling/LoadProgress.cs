namespace ModelAtlas.Inference.Scheduling;

/// <summary>How far a model is on its way into memory.</summary>
/// <param name="IsBuilt">False while the graph of weights that came without one is still being written, which happens once.</param>
/// <param name="Done">Bytes of the graph that are written, or that the model's process holds.</param>
/// <param name="Step">What is being written, in words; empty once all is.</param>
/// <param name="Left">Null where there is nothing to tell it from yet.</param>
public sealed record LoadProgress(bool IsBuilt, long Done, long Total, string Step, TimeSpan? Left)
{
    /// <summary>A process tells what it takes, not how much of a file it has read: what it takes tends to what its files are.</summary>
    internal static LoadProgress OfMemory(long bytes, string path, TimeSpan since)
    {
        var total = Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) : new FileInfo(path).Length;
        var done = Math.Min(bytes, total);
        return new(IsBuilt: true, done, total, "", done > 0 && done < total ? since * ((total - done) / (double)done) : null);
    }
}
