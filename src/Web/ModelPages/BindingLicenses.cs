using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.ModelPages;

/// <summary>The licences that bind whoever uses a model: its own and those of everything it was made from.</summary>
internal static class BindingLicenses
{
    public static IReadOnlyList<LineageLink> Of(CatalogRow model, Ancestry bases) =>
    [
        new(model.RepoId, Effective(model)),
        .. bases.Found.Where(ancestor => ancestor.Binds).Select(ancestor => new LineageLink(ancestor.Model?.RepoId ?? ancestor.RepoId, ancestor.Model is { } known ? Effective(known) : null)),
        .. bases.IsWhole ? [] : new LineageLink[] { new("further bases, too many to follow", null) },
    ];

    /// <summary>The licence that governs a model, unless its sources limit it further than that licence does: then nobody knows the terms.</summary>
    public static License? Effective(CatalogRow model) =>
        model is { License.Key: var key, Axes.License: var read } && LicenseDesk.Find(key) is { } license && Rank(license.Class) >= Rank(read) ? license : null;

    private static int Rank(string licenseClass) => LicenseClass.All.Contains(licenseClass, StringComparer.Ordinal) ? LicenseClass.Strictness(licenseClass) : int.MaxValue;
}
