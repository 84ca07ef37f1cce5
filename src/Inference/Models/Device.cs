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

    public bool IsGpu => Kind is DeviceWish.Cuda or DeviceWish.WebGpu;
    public string Name => Kind.ToString().ToLowerInvariant();

    /// <exception cref="ModelRefusedException">The device that was asked for is not there; the message says what is missing.</exception>
    public static Device Choose(DeviceWish wish)
    {
        Quiet();
        if (wish == DeviceWish.Cpu) return new(wish, "asked for");
        if (wish == DeviceWish.Auto)
        {
            foreach (var kind in new[] { DeviceWish.Cuda, DeviceWish.WebGpu })
                if (Complaint(kind) is null) return new(kind, "the first GPU that answers");
            return new(DeviceWish.Cpu, _providers.Value.Any(name => name is "CUDAExecutionProvider" or "WebGpuExecutionProvider") ? "no GPU answers" : "this build has no GPU support");
        }
        return Complaint(wish) is { } complaint ? throw new ModelRefusedException(complaint) : new(wish, "asked for");
    }

    /// <summary>Null when a session can be made on the device.</summary>
    private static string? Complaint(DeviceWish kind)
    {
        try
        {
            using var options = new SessionOptions();
            Append(options, kind);
            return null;
        }
        catch (Exception missing) when (missing is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or NotSupportedException)
        {
            var word = kind.ToString().ToLowerInvariant();
            return missing.Message.Contains("not enabled in this build", StringComparison.Ordinal) || missing.Message.Contains("not supported in this build", StringComparison.Ordinal)
                ? $"This build has no {word} support: build it with -p:Accelerator={word}, or use --device cpu."
                : $"The {word} device cannot be used ({OrtFailure.OneLine(missing)}): install its driver and libraries, or use --device cpu.";
        }
    }

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

    private static void Append(SessionOptions options, DeviceWish kind)
    {
        if (kind == DeviceWish.Cuda)
        {
            using var cuda = new OrtCUDAProviderOptions();
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
