using System.Security.Cryptography;
using System.Text;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.ModelPages;

namespace ModelAtlas.Web.Bom;

/// <summary>A part of a bill of materials: the model, a base or a dataset.</summary>
/// <param name="Version">Commit, where known.</param>
internal sealed record BomPart(BomKind Kind, string Name, string? Version, BomLicense? License, CatalogRow? Model = null)
{
    public string Reference => $"{(Kind == BomKind.Dataset ? "dataset" : "model")}:{Name}";

    public bool IsHosted => Name.Contains('/', StringComparison.Ordinal) && Model?.State is not Domain.Catalog.RepoState.Service;

    public string Page => $"https://huggingface.co/{(Kind == BomKind.Dataset ? "datasets/" : "")}{string.Join('/', Name.Split('/').Where(part => part != "_").Select(Uri.EscapeDataString))}";
}

internal enum BomKind
{
    Model,
    Base,
    Dataset,
}

/// <param name="Spdx">Id of the SPDX list, else null.</param>
internal sealed record BomLicense(string Name, string? Spdx, string Reference, string? Page)
{
    public static BomLicense? Of(Catalog.LicenseName? license)
    {
        if (license is null) return null;
        var known = LicenseDesk.Find(license.Key);
        return new(known?.Name ?? license.Name, known?.SpdxId, known?.SpdxReference ?? "LicenseRef-" + Id(license.Key), known?.Pages is [var page, ..] ? "https://" + page : null);
    }

    public static BomLicense? Named(string declared) => Licenses.LicenseUrl.Find(declared) is { } known ? new(known.Name, known.SpdxId, known.SpdxReference, known.Pages is [var page, ..] ? "https://" + page : null) : null;

    private static string Id(string key) => string.Concat(key.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '-')) is { Length: > 0 } id ? id : "unnamed";
}

/// <summary>What a model is made of, for the two formats that say it to machines.</summary>
internal sealed record ModelBom(ModelDetail Detail, BomPart Model, IReadOnlyList<BomPart> Bases, IReadOnlyList<BomPart> Datasets)
{
    private const int MostParts = 200;

    public static ModelBom Of(ModelDetail detail) => new(
        detail,
        new(BomKind.Model, detail.Row.RepoId, detail.Facts?.Sha, BomLicense.Of(detail.Row.License), detail.Row),
        [.. detail.Bases.Found.Select(ancestor => new BomPart(BomKind.Base, ancestor.Model?.RepoId ?? ancestor.RepoId, null, BomLicense.Of(ancestor.Model?.License), ancestor.Model)).DistinctBy(part => part.Name).Where(part => part.Name != detail.Row.RepoId).Take(MostParts)],
        [.. detail.Datasets.Select(dataset => new BomPart(BomKind.Dataset, dataset.RepoId, null, dataset.Known?.Licenses is [var license, ..] ? BomLicense.Named(license) : null)).DistinctBy(part => part.Name).Take(MostParts)]);

    public IEnumerable<BomPart> Parts => [Model, .. Bases, .. Datasets];

    /// <summary>The bases that the model itself names.</summary>
    public IEnumerable<BomPart> Direct => Bases.Where(part => Detail.Bases.Found.Any(ancestor => ancestor.Depth == 1 && (ancestor.Model?.RepoId ?? ancestor.RepoId) == part.Name));

    /// <summary>When what it says was true. The bill of an unchanged model is the same bytes, whenever it is asked for.</summary>
    public DateTime Observed => Detail.Row.ObservedAt;

    /// <summary>The same for the same model at the same observation.</summary>
    public Guid Serial
    {
        get
        {
            var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{Model.Name}\n{Observed:O}\n{Detail.Verdict?.RuleVersion}"))[..16];
            bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80); // version 8: made by a rule of one's own
            bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
            return new(bytes, bigEndian: true);
        }
    }

    /// <summary>What an auditor would look for and not find.</summary>
    public IEnumerable<string> Gaps()
    {
        if (Model.License is null) yield return "the licence of the model";
        if (Model.Version is null && Model.IsHosted) yield return "the commit";
        if (Detail.Row.CreatedAt is null) yield return "the day of release";
        if (Datasets is [] && Bases is []) yield return "datasets or bases";
        foreach (var part in Bases.Where(part => part.License is null).Take(5)) yield return $"the licence of {part.Name}";
        foreach (var part in Datasets.Where(part => part.License is null).Take(5)) yield return $"the licence of the dataset {part.Name}";
    }
}
