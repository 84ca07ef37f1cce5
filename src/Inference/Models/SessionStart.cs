using Microsoft.ML.OnnxRuntime;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Models;

/// <summary>Makes the session of a package: from a graph changed for speed where there is something to gain, else from the file as it is.</summary>
internal static class SessionStart
{
    /// <summary>Beyond this a copy of the file in memory costs more than the changes bring.</summary>
    private const long MostRewritten = 512L * 1024 * 1024;

    /// <returns>The session, and whether it gives the logits of the last token only.</returns>
    public static (InferenceSession Session, bool LastOnly) Open(ModelPackage package, SessionOptions settings, bool wholeLogits)
    {
        var (file, ports) = (package.File, package.Ports);
        var trims = !wholeLogits && ports.LogitsToKeep is null && !file.Graph.HasUnknownBranch;
        var rewriter = new GraphRewriter(package.Wish == WeightsWish.Auto && file.Graph.QuantizedBits.Count > 0, trims ? ports.Logits.Name : null);
        if (file.Length <= MostRewritten && (rewriter.QuickActivations || trims))
        {
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
