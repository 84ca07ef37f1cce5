using System.Text.RegularExpressions;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Lineage;

/// <summary>Some licences want derived models to carry a name. Whether one does can be read off its id.</summary>
internal static partial class NamingDuty
{
    /// <summary>The duty that the model's name does not keep; null when it keeps it or there is none.</summary>
    public static EvidenceItem? Missed(string modelId, EvidenceItem inherited)
    {
        if (inherited.Axis != Axis.License || LicenseDesk.Find(inherited.State)?.Fact(FactTag.Naming) is not { Answer: Answer.Yes, Note: { } duty }) return null;
        if (ModelName().Match(duty) is not { Success: true } wanted) return null;
        if (ModelNames.Spoken(ModelNames.Last(modelId)).Contains(ModelNames.Spoken(wanted.Groups["name"].Value), StringComparison.Ordinal)) return null;
        return inherited with { Extractor = ReadBy.NamingDuty, Quote = duty };
    }

    /// <summary>A quoted word behind one about names: <c>the name begins with "Llama"</c>. "Built with …" is a notice, which no id shows.</summary>
    [GeneratedRegex("""\bname\w*\b[^"“]{0,60}["“](?<name>[\w. -]{3,30})["”]""", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ModelName();
}
