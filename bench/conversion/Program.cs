using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using ModelAtlas.Bench.Conversion;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Models;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var article = new Sampling(Temperature: 0.7, TopK: 50, TopP: 0.95);
switch (args)
{
    case ["build", var folder, var home, var weights]: return Print(Work.Build(folder, home, Enum.Parse<WeightsWish>(weights)));
    case ["generate", var folder, var home, var weights, var tokens]: return Print(Work.Generate(folder, home, Enum.Parse<WeightsWish>(weights), weights == "FourBit" ? article : Sampling.Greedy, int.Parse(tokens, CultureInfo.InvariantCulture)));
    case ["decode", var folder, var home, var weights, var context]: return Print(Work.Decode(folder, home, Enum.Parse<WeightsWish>(weights), int.Parse(context, CultureInfo.InvariantCulture)));
    case ["convert" or "mistral" or "gpt2" or "experts", ..]: break;
    default:
        Console.Error.WriteLine("usage: convert|experts|gpt2|mistral [FOLDER [GIB]]   (FOLDER: where there is room; what is made there is deleted. GIB: so much has to be free there)");
        return 2;
}
const long Gigabyte = 1L << 30;
var room = Directory.CreateDirectory(args.ElementAtOrDefault(1) ?? Path.GetTempPath()).FullName;
var needed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : args[0] switch { "mistral" => 40, "convert" => 8, "experts" => 5, _ => 2 };
if (new DriveInfo(room).AvailableFreeSpace < needed * Gigabyte)
{
    Console.WriteLine($"skipped: {args[0]} wants {needed} GiB free in {room}, and {new DriveInfo(room).AvailableFreeSpace / Gigabyte} are.");
    return 0;
}
var place = Directory.CreateDirectory(Path.Combine(room, $"modelatlas-{args[0]}-{Environment.ProcessId}")).FullName;
try
{
    switch (args[0])
    {
        case "convert": Convert(GeneratedModel.Billion, place); break;
        case "mistral": Mistral(place, GeneratedModel.Mistral); break;
        case "gpt2": Gpt2(place, GeneratedModel.Gpt2); break;
        default: Experts(place); break;
    }
    return 0;
}
finally
{
    Directory.Delete(place, recursive: true);
}

static int Print(Work.Measured measured)
{
    Console.WriteLine(JsonSerializer.Serialize(measured));
    return 0;
}

static void Convert(GeneratedModel model, string place)
{
    var (folder, home) = (GeneratedWeights.Write(model, place), Path.Combine(place, "built"));
    var bytes = new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
    Console.WriteLine($"{model.Name}: {model.Parameters / 1e9:0.00} billion parameters, {bytes / 1e9:0.00} GB, largest tensor {model.Tensors.Max(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size)) * 2 >> 20} MiB as stored");
    for (var round = 0; round < 3; round++)
        foreach (var onDisk in new[] { true, false })
        {
            var copying = Disk.Copy(folder, Path.Combine(place, "copy"), onDisk);
            if (onDisk) Disk.Forget(folder);
            var since = Stopwatch.GetTimestamp();
            var built = Work.Apart("build", folder, home, nameof(WeightsWish.FourBit));
            if (onDisk) Disk.Flush(home);
            var building = Stopwatch.GetElapsedTime(since).TotalSeconds;
            Console.WriteLine($"{(onDisk ? "from and to the disk" : "in memory")}: copied in {copying:0.00} s ({bytes / 1e6 / copying:0} MB/s), converted in {building:0.00} s ({bytes / 1e6 / building:0} MB/s): {copying / building:0.00} of the copy's speed (wanted 0.33); peak {built.PeakMegabytes} MiB for a result of {built.ResultMegabytes} MiB");
            if (round == 2 && !onDisk) Resumed(folder, home, built.Seconds);
            Directory.Delete(home, recursive: true);
        }
}

// Killed in the middle, gone on with, and the same bytes in the end.
static void Resumed(string folder, string home, double seconds)
{
    var (whole, other) = (Hash(home), home + "-resumed");
    using (var child = Work.Start("build", folder, other, nameof(WeightsWish.FourBit)))
    {
        child.WaitForExit(TimeSpan.FromSeconds(0.3 + 0.6 * seconds));
        child.Kill();
        child.WaitForExit();
    }
    var there = new DirectoryInfo(other).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) >> 20;
    var rest = Work.Apart("build", folder, other, nameof(WeightsWish.FourBit));
    Console.WriteLine($"killed with {there} MiB written; the rest took {rest.Seconds:0.00} s, and the files are {(Hash(other) == whole ? "the same" : "OTHERS")}");
    Directory.Delete(other, recursive: true);
}

static string Hash(string home)
{
    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    foreach (var file in Directory.EnumerateFiles(home, "model.onnx*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
    {
        using var stream = File.OpenRead(file);
        hash.AppendData(SHA256.HashData(stream));
    }
    return System.Convert.ToHexString(hash.GetHashAndReset());
}

static void Mistral(string place, GeneratedModel model)
{
    var (folder, home) = (GeneratedWeights.Write(model, place), Path.Combine(place, "built"));
    var built = Work.Apart("build", folder, home, nameof(WeightsWish.FourBit));
    Console.WriteLine($"{model.Name}: {model.Parameters / 1e9:0.00} billion parameters converted to int4 in {built.Seconds:0.0} s, peak {built.PeakMegabytes} MiB, result {built.ResultMegabytes} MiB");
    var text = Work.Apart("generate", folder, home, nameof(WeightsWish.FourBit), "100");
    Console.WriteLine($"temperature 0.7, top_k 50, top_p 0.95: {text.Tokens} new tokens in {text.Seconds:0.0} s ({text.StepMedian:0} ms each), peak resident {text.PeakMegabytes} MiB (wanted at most 8,192); ids {text.Text} …");
}

static void Gpt2(string place, GeneratedModel model)
{
    var (folder, home) = (GeneratedWeights.Write(model, place), Path.Combine(place, "built"));
    var text = Work.Apart("generate", folder, home, nameof(WeightsWish.Stored), "50");
    Console.WriteLine($"{model.Name}: {model.Parameters / 1e6:0} million parameters, greedy: {text.Tokens} new tokens in {text.Seconds:0.00} s, peak resident {text.PeakMegabytes} MiB; ids {text.Text} …");
}

static void Experts(string place)
{
    var (experts, dense, home) = (GeneratedWeights.Write(GeneratedModel.Experts, place), GeneratedWeights.Write(GeneratedModel.Active, place), Path.Combine(place, "built"));
    foreach (var weights in new[] { nameof(WeightsWish.FourBit), nameof(WeightsWish.EightBit) })
    {
        foreach (var folder in new[] { experts, dense }) Work.Apart("build", folder, home, weights);
        for (var round = 0; round < 2; round++)
        {
            var (many, one) = (Work.Apart("decode", experts, home, weights, "64"), Work.Apart("decode", dense, home, weights, "64"));
            Console.WriteLine($"{weights}: 8 of 64 experts {many.StepP10:0.00} ms a token, dense of the active size {one.StepP10:0.00} ms: {many.StepP10 / one.StepP10:0.00} times (wanted at most 1.5); medians {many.StepMedian:0.00} and {one.StepMedian:0.00}");
        }
    }
}
