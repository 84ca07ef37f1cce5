using System.Collections.Immutable;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Web.Catalog.Local;

/// <summary>What only this site knows of models: which ones can be asked here, what fits into its memory, and which licences its owner takes.</summary>
/// <param name="Hosted">Names of the models that can be asked here.</param>
/// <param name="Room">Bytes that models may take; null where nobody says.</param>
public sealed record LocalFacts(ImmutableSortedSet<string> Hosted, long? Room, LicensePolicy Policy)
{
    public static readonly LocalFacts None = new(ImmutableSortedSet.Create<string>(StringComparer.Ordinal), null, LicensePolicy.Company);

    /// <summary>As the settings have it, before anybody has looked at the shelf.</summary>
    internal static LocalFacts Of(InferenceOptions inference, PolicyOptions policy) => None with { Room = inference.MemoryBytes ?? MachineFit.Memory(), Policy = policy.Read() };

    public bool IsSame(LocalFacts other) => Room == other.Room && ReferenceEquals(Policy, other.Policy) && Hosted.SetEquals(other.Hosted);
}
