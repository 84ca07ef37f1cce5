using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Classification;

/// <summary>
/// The Model Openness Framework asks for components, each under an open licence: class III parameters, architecture, cards, report and results; class II adds all code;
/// class I the datasets. A repository shows some of them; what it does not show is missing here, not refused.
/// </summary>
internal static class MofLens
{
    public static Ruling Judge(Findings found)
    {
        var license = found.License.Finding.Effective is { } id ? LicenseDesk.Find(id) : null;
        return GateLens.Judge(
            found,
            "M",
            new(found.License.Class == LicenseClass.Unknown ? null : license?.MofOpen, $"{found.License.Name} is {(license?.MofOpen == true ? "" : "not ")}a licence the framework accepts for parameters.", "parameters under an accepted licence", found.License.Decided),
            new(found.Inference.IsUnknown ? null : found.Inference.Is(Level.Open), "The model's architecture and inference code are published.", "the architecture as code", found.Inference.Decided),
            new(null, "", "a model card, data card, technical report and evaluation results, each under an open licence", []),
            new(found.Training.IsUnknown ? null : found.Training.Is(Level.Open) ? true : null, "The training code is published.", "for class II: training, inference and evaluation code under open licences", found.Training.Decided),
            new(found.Data.Is(Level.Open) ? true : null, "The datasets are published.", "for class I: the datasets and the code that prepared them, under open licences", found.Data.Decided));
    }
}
