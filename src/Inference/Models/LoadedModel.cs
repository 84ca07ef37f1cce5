using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Models;

/// <summary>A model in memory, ready to generate.</summary>
public sealed class LoadedModel : IDisposable
{
    private LoadedModel(ModelPackage package, Device device, OrtDecoder decoder, TimeSpan loading) => (Package, Device, Decoder, Loading) = (package, device, decoder, loading);

    public ModelPackage Package { get; }
    public Device Device { get; }
    public OrtDecoder Decoder { get; }
    public TimeSpan Loading { get; }

    /// <exception cref="ModelRefusedException">It cannot run here; the message says why.</exception>
    public static LoadedModel Load(string path, LoadOptions options)
    {
        var clock = Stopwatch.StartNew();
        var (device, package) = Examine(path, options);
        try
        {
            using var settings = device.CreateOptions(options.Threads);
            var (session, lastOnly) = SessionStart.Open(package, device, settings, options.WholeLogits);
            OrtDecoder? decoder = null;
            try
            {
                decoder = new OrtDecoder(package, session, Cache(package, session, device, options.Slots), options.Slots, device.IsGpu) { GivesLastOnly = lastOnly };
                if (device.Kind == DeviceWish.Cuda) WarmUp(decoder);
                return new(package, device, decoder, clock.Elapsed);
            }
            catch
            {
                if (decoder is null) session.Dispose(); // with all that it holds of the device's memory
                else decoder.Dispose();
                throw;
            }
        }
        catch (OnnxRuntimeException failure) when (OrtFailure.LacksMemory(failure))
        {
            throw new ModelRefusedException($"{package.File.Path} does not fit into the memory of the {(device.IsGpu ? "GPU" : "model's process")} ({OrtFailure.OneLine(failure)}): choose a smaller model{(device.IsGpu ? ", or --device cpu" : "")}.", failure) { LacksMemory = true };
        }
        catch (OnnxRuntimeException failure)
        {
            throw new ModelRefusedException($"ONNX Runtime cannot load {package.File.Path} ({OrtFailure.OneLine(failure)}).", failure);
        }
    }

    /// <summary>Everything that can be said of a model before its weights are read: what would run, and on what.</summary>
    /// <exception cref="ModelRefusedException">It cannot run here; the message says why.</exception>
    public static (Device Device, ModelPackage Package) Examine(string path, LoadOptions options)
    {
        var device = Device.Choose(options.Device);
        var package = ModelPackage.Open(path, options.Weights, device.IsGpu, options.Build);
        if (package.File.Graph.NormalizesInsideAttention && !device.IsGpu)
            throw new ModelRefusedException($"{package.File.Name} normalises queries and keys inside its attention, which only the CUDA and WebGPU kernels do: use a CPU export of the model, or --device cuda.");
        MemoryPlan.Check(package, options.Slots, device.IsGpu, options.RoomBytes);
        return (device, package);
    }

    /// <summary>Memory that the model is expected to take.</summary>
    internal long Needed => MemoryPlan.Needed(Package, Decoder.Slots, Device.IsGpu);

    public void Dispose() => Decoder.Dispose();

    /// <summary>CUDA's kernels are loaded at their first use, which takes most of a second and hears no stop: so before anybody waits. A first piece of a prompt, one behind it and a token each have their own.</summary>
    private static void WarmUp(OrtDecoder decoder)
    {
        decoder.Append(0, new int[Math.Clamp(decoder.Context - 1, 1, 1024)], CancellationToken.None);
        decoder.Append(0, [0], CancellationToken.None);
        decoder.Truncate(0, 0);
    }

    private static IKeyValueCache Cache(ModelPackage package, InferenceSession session, Device device, int slots)
    {
        var (ports, memory) = (package.Ports, device.Memory());
        // What the session says: in the file they may be wider.
        CachePort[] caches = [.. ports.Caches.Select(cache => session.InputMetadata[cache.Past].ElementDataType == TensorElementType.Float16 ? cache with { Type = OnnxType.Half } : cache)];
        return device.Kind switch
        {
            // CUDA's attention computes in 16 bits only: another runs on the CPU, through copies of its caches that are nobody's to share.
            DeviceWish.Cuda when ports.CanShare && caches.All(cache => cache.Type != OnnxType.Float) => new DeviceCache(caches, slots, package.Context, session, memory),
            DeviceWish.Cpu when ports.CanShare => new SharedCache(caches, slots, package.Context),
            _ => new ChainedCache(caches, slots, memory),
        };
    }
}

/// <param name="Slots">Sequences held at once.</param>
/// <param name="Threads">0: as many as there are cores.</param>
public sealed record LoadOptions(WeightsWish Weights = WeightsWish.Auto, DeviceWish Device = DeviceWish.Auto, int Slots = 1, int Threads = 0)
{
    /// <summary>Logits behind every token are wanted, not only behind the last.</summary>
    public bool WholeLogits { get; init; }

    /// <summary>How and where a graph is built from weights that come without one.</summary>
    public BuildOptions? Build { get; init; }

    /// <summary>Memory that the model may count on, where others share the machine; null: what is free.</summary>
    public long? RoomBytes { get; init; }
}
