using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Ingest.Judging;

namespace ModelAtlas.Tools.MeasureClassifier;

/// <summary>Time to classify a list of the hub, from gzip to verdict lines, as a ratio to parsing the same file with System.Text.Json and nothing else. The best of three runs each.</summary>
internal static class SpeedReport
{
    private const int Runs = 3;

    public static void Print(string path, TextWriter output)
    {
        var parse = Best(() => Parse(path));
        var classify = Best(() => FileJudge.Run(new([path], [], [], null, Lens.Default, DateTimeOffset.UnixEpoch), Stream.Null, new UnreadLines(), CancellationToken.None));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{classify.Rows} rows: parsing alone {parse.Wall:0.00} s ({parse.Cpu:0.00} s of CPU), classifying {classify.Wall:0.00} s ({classify.Cpu:0.00} s of CPU): {classify.Wall / parse.Wall:0.00} times the wall time, {classify.Cpu / parse.Cpu:0.00} times the CPU time"));
    }

    private static long Parse(string path)
    {
        long rows = 0;
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            rows++;
        }
        return rows;
    }

    private static (long Rows, double Wall, double Cpu) Best(Func<long> run) => Enumerable.Range(0, Runs).Select(_ =>
    {
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var wall = Stopwatch.StartNew();
        var rows = run();
        return (Rows: rows, Wall: wall.Elapsed.TotalSeconds, Cpu: (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds);
    }).MinBy(measured => measured.Wall);
}
