using System.Reflection;
using Microsoft.ML.OnnxRuntime;

namespace ModelAtlas.Inference.Models;

public enum DeviceWish
{
    Auto,
    Cpu,
    Cuda,
    WebGpu,
}

/// <summary>What the model runs on, and why it was chosen.</summary>
public sealed record Device(DeviceWish Kind, string Reason)
{
    private static readonly Lazy<IReadOnlyList<string>> _providers = new(() => OrtEnv.Instance().GetAvailableProviders());

    /// <summary>A graph that hands on one number: y = Identity(x).</summary>
    internal static byte[] SmallestModel { get; } =
    [
        0x08, 0x08, 0x42, 0x02, 0x10, 0x11, 0x3A, 0x2F, // version 8, operators of version 17, a graph
        0x0A, 0x10, 0x0A, 0x01, (byte)'x', 0x12, 0x01, (byte)'y', 0x22, 0x08, .. "Identity"u8,
        0x12, 0x01, (byte)'g',
        0x5A, 0x0B, 0x0A, 0x01, (byte)'x', 0x12, 0x06, 0x0A, 0x04, 0x08, 0x01, 0x12, 0x00,
        0x62, 0x0B, 0x0A, 0x01, (byte)'y', 0x12, 0x06, 0x0A, 0x04, 0x08, 0x01, 0x12, 0x00,
    ];

    /// <summary>True for the flavours with a GPU's provider; asked of the build, so that nobody has to load ONNX Runtime to know.</summary>
    internal static bool BuildHasGpu { get; } = typeof(Device).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(entry => entry is { Key: "Accelerator", Value: not "cpu" });

    public bool IsGpu => Kind is DeviceWish.Cuda or DeviceWish.WebGpu;
    public string Name => Kind.ToString().ToLowerInvariant();

    /// <exception cref="ModelRefusedException">The device that was asked for is not there; the message says what is missing.</exception>
    public static Device Choose(DeviceWish wish)
    {
        Quiet();
        if (wish == DeviceWish.Cpu) return new(wish, "asked for");
        if (wish == DeviceWish.Auto)
        {
            var causes = new List<string>();
            foreach (var (kind, provider) in new[] { (DeviceWish.Cuda, "CUDAExecutionProvider"), (DeviceWish.WebGpu, "WebGpuExecutionProvider") })
            {
                if (!_providers.Value.Contains(provider)) continue;
                if (Trial(kind) is not { } failure) return new(kind, "the first GPU that answers");
                causes.Add(Cause(kind, failure));
            }
            return new(DeviceWish.Cpu, causes.Count == 0 ? "this build has no GPU support" : $"no GPU answers: {string.Join("; ", causes)}");
        }
        return Trial(wish) is { } missing ? throw new ModelRefusedException(Complaint(wish, missing)) : new(wish, "asked for");
    }

    /// <summary>Null when a session runs on the device; that a provider is there says nothing of its libraries, its driver, or a card.</summary>
    private static Exception? Trial(DeviceWish kind)
    {
        try
        {
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            Append(options, kind);
            using var session = new InferenceSession(SmallestModel, options);
            return null;
        }
        catch (Exception missing) when (missing is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or NotSupportedException)
        {
            return missing;
        }
    }

    /// <summary>One sentence of what is missing, and the way to get it.</summary>
    internal static string Complaint(DeviceWish kind, Exception missing)
    {
        var word = kind.ToString().ToLowerInvariant();
        return missing.Message.Contains("not enabled in this build", StringComparison.Ordinal) || missing.Message.Contains("not supported in this build", StringComparison.Ordinal)
            ? $"This build has no {word} support: build it with -p:Accelerator={word}, or use --device cpu."
            : $"The {word} device cannot be used ({Cause(kind, missing)}): install {(kind == DeviceWish.Cuda ? "the NVIDIA driver and the CUDA 13 libraries" : "a Vulkan driver")}, or use --device cpu.";
    }

    private static string Cause(DeviceWish kind, Exception missing) =>
        $"{kind.ToString().ToLowerInvariant()} {(OrtFailure.MissingLibrary(missing) is { } library ? $"needs {library}, which is not on this machine" : $"says {OrtFailure.OneLine(missing)}")}";

    internal SessionOptions CreateOptions(int threads)
    {
        Quiet();
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.intra_op.spin_duration_us", "20"); // waiting threads give way to a busy neighbour
        if (IsGpu) Append(options, Kind);
        return options;
    }

    /// <summary>Where the caches of texts are kept.</summary>
    internal OrtMemoryInfo Memory() => Kind switch
    {
        DeviceWish.Cuda => new("Cuda", OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default),
        DeviceWish.WebGpu => new("WebGPU_Buffer", OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default),
        _ => OrtMemoryInfo.DefaultInstance,
    };

    private static void Append(SessionOptions options, DeviceWish kind)
    {
        if (kind == DeviceWish.Cuda)
        {
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(new() { ["arena_extend_strategy"] = "kSameAsRequested" }); // else it takes up to twice what the weights need
            options.AppendExecutionProvider_CUDA(cuda);
        }
        else options.AppendExecutionProvider("WebGPU", []);
    }

    /// <summary>ONNX Runtime writes to stderr on its own; ours are the only lines there.</summary>
    private static void Quiet()
    {
        if (OrtEnv.IsCreated) return;
        var options = new EnvironmentCreationOptions { logId = "ModelAtlas", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        OrtEnv.CreateInstanceWithOptions(ref options);
    }
}
