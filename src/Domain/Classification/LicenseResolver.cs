using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Domain.Classification;

/// <summary>Which licence governs the weights, when several sources name one.</summary>
internal static class LicenseResolver
{
    public static (LicenseFinding Finding, IReadOnlyList<EvidenceItem> Decided) Resolve(EvidenceSet found)
    {
        List<string> declared = [];
        List<string> conflicts = [];
        NamedLicense? governs = null;
        EvidenceItem? decided = null;
        foreach (var item in found.Items)
        {
            if (item.Axis != Axis.License) continue;
            if (!declared.Contains(item.State)) declared.Add(item.State);
            var named = LicenseNames.Resolve(item.State);
            if (governs is not null && decided is not null && Differ(governs, named))
                conflicts.Add($"{governs.Name} ({decided.Source}) and {named.Name} ({item.Source}) are both named; the stricter one governs.");
            if (governs is null || LicenseClass.Strictness(named.Class) > LicenseClass.Strictness(governs.Class))
                (governs, decided) = (named, item);
        }
        return governs is null || decided is null
            ? (new([], null, null, LicenseClass.Unknown, null, []), [])
            : (new(declared, governs.Id, governs.Family, governs.Class, decided.Source == "list" ? "tag" : decided.Source, conflicts), [decided]);
    }

    private static bool Differ(NamedLicense one, NamedLicense other) =>
        one.Class != LicenseClass.Unknown && other.Class != LicenseClass.Unknown && one.Class != other.Class;
}
