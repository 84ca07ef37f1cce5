using System.Collections.Frozen;
using ModelAtlas.Domain.Licenses.Names;

namespace ModelAtlas.Domain.Licenses;

/// <summary>The licences known here, and what a declared name means. Nothing is ever matched by a prefix or by similarity.</summary>
public static class LicenseDesk
{
    private static readonly IReadOnlyList<License> Licenses = LicenseFiles.Read();
    private static readonly FrozenDictionary<string, License> ById = Licenses.ToFrozenDictionary(license => license.Id, StringComparer.Ordinal);
    private static readonly LicenseNames Names = new(Licenses);

    public static IReadOnlyList<License> All => Licenses;

    public static License? Find(string id) => ById.GetValueOrDefault(id);

    /// <summary>Any tag, alias, SPDX expression, list, link or free text. A name spelled exactly like a known one costs one lookup and allocates nothing.</summary>
    public static LicenseName Resolve(string declared) => Names.Resolve(declared);

    /// <summary>The licence that exactly these words name.</summary>
    internal static LicenseName? Named(IReadOnlyList<string> words) => Names.Find(words);

    /// <summary>Several tags of one model. They all apply: merge tools write the union of the parts.</summary>
    public static LicenseName Resolve(IReadOnlyList<string> declared) => declared is [var only]
        ? Resolve(only)
        : LicenseExpression.All([.. declared.Select(Resolve)]);
}
