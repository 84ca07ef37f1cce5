using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Web.ModelPages;

/// <summary>The words for evidence on pages.</summary>
internal static class EvidenceWords
{
    public static string Label(this Axis axis) => axis switch
    {
        Axis.Weights => "Weights",
        Axis.License => "Licence",
        Axis.CodeTraining => "Training code",
        Axis.CodeInference => "Code to run it",
        Axis.Base => "Base models",
        _ => "Data",
    };

    public static string Label(this Strength strength) => strength switch
    {
        Strength.Read => "read in the source itself",
        Strength.Claimed => "as the publisher says",
        _ => "inferred",
    };

    public static string Label(this Lens lens) => lens switch
    {
        Lens.Default => "Default",
        Lens.Strict => "Strict",
        Lens.Osaid => "OSAID 1.0",
        Lens.Mof => "MOF Class III",
        _ => "Lenient",
    };

    public static string Meaning(this Lens lens) => lens switch
    {
        Lens.Default => "no limits on who may use it, training data at least described, any code",
        Lens.Strict => "open licence, open training code, open data",
        Lens.Osaid => "the necessary conditions of the Open Source AI Definition",
        Lens.Mof => "Class III of the Model Openness Framework, as far as a repository shows it",
        _ => "may be downloaded and used by anybody",
    };
}
