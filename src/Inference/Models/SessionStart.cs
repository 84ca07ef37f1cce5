using Microsoft.ML.OnnxRuntime;
using ModelAtlas.Inference.Kernels;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Models;

/// <summary>Makes the session of a package: from a graph changed for speed where there is something to gain, else from the file as it is.</summary>
internal static class SessionStart
{
    /// <summary>Beyond this a copy of the file in memory costs more than the changes bring.</summary>
    private const long MostRewritten = 512L * 1024 * 1024;

    /// <returns>The session, and whether it gives the logits of the last token only.</returns>
    public static (InferenceSession Session, bool LastOnly) Open(ModelPackage package, Device device, SessionOptions settings, bool wholeLogits)
    {
        var (file, ports) = (package.File, package.Ports);
        var isQuantized = file.Graph.QuantizedBits.Count > 0;
        var trims = !wholeLogits && ports.LogitsToKeep is null && !file.Graph.HasUnknownBranch;
        var rewriter = new GraphRewriter(package.Wish == WeightsWish.Auto && isQuantized, isQuantized && !device.IsGpu && BlockProduct.IsSupported, trims ? ports.Logits.Name : null)
        {
            Caches = isQuantized && package.Wish != WeightsWish.Stored && !device.IsGpu && ports.CanShare && Attention.IsSupported ? ports.Caches : [],
        };
        if (file.Length <= MostRewritten && (isQuantized || trims))
        {
            if (rewriter.OwnProducts || rewriter.Caches.Count > 0) OrtCustomOperator.AddTo(settings);
            var original = File.ReadAllBytes(file.Path);
            if (rewriter.Rewrite(original) is { } changed)
                try
                {
                    settings.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(file.Path) ?? "");
                    return (new(changed, settings), rewriter.TrimsLogits(original));
                }
                catch (OnnxRuntimeException)
                {
                    // Its own words are about the file as published: that is the one to try and to complain of.
                }
        }
        return (new(file.Path, settings), false);
    }
}
