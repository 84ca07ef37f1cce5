using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Bom;

/// <summary>A bill of materials as SPDX 3.0.1 with its AI and dataset profiles.</summary>
internal sealed class Spdx
{
    public const string MediaType = "application/spdx+json";
    private const string Creation = "_:creation";
    private const string Model = "ai_AIPackage";

    /// <summary>For a licence about which nothing is said.</summary>
    private const string NoAssertion = "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense";
    private static readonly string[] Profiles = ["core", "software", "simpleLicensing"];
    private static readonly string[] Demanded = ["suppliedBy", "software_packageVersion", "software_downloadLocation", "software_primaryPurpose", "releaseTime"];
    private readonly ModelBom _bom;
    private readonly string _space;
    private readonly List<JsonObject> _elements = [];

    private Spdx(ModelBom bom) => (_bom, _space) = (bom, $"urn:uuid:{bom.Serial}#");

    public static JsonObject Write(ModelBom bom) => new Spdx(bom).Document();

    private JsonObject Document()
    {
        var maker = Add("SoftwareAgent", "modelatlas", "ModelAtlas");
        Dictionary<BomPart, string> ids = [];
        foreach (var part in _bom.Parts) ids[part] = part.Kind == BomKind.Dataset ? Dataset(part) : Package(part);
        var model = ids[_bom.Model];
        foreach (var (part, id) in ids) Licenses(part, id);
        if (_bom.Direct.Select(part => ids[part]).ToList() is [_, ..] bases) Relate(model, "descendantOf", bases);
        if (_bom.Datasets.Select(part => ids[part]).ToList() is [_, ..] datasets) Relate(model, "trainedOn", datasets);
        var document = new JsonObject
        {
            ["type"] = "SpdxDocument",
            ["spdxId"] = _space + "document",
            ["creationInfo"] = Creation,
            ["name"] = $"Bill of materials of {PlainText.Clean(_bom.Model.Name)}",
            ["profileConformance"] = Names(_elements.Where(element => element["type"]?.GetValue<string>() == Model).All(IsWhole) ? [.. Profiles, "ai"] : Profiles),
            ["rootElement"] = Names([model]),
            ["element"] = Names(_elements.Select(element => element["spdxId"]?.GetValue<string>() ?? "")),
        };
        var creation = new JsonObject
        {
            ["type"] = "CreationInfo",
            ["@id"] = Creation,
            ["specVersion"] = "3.0.1",
            ["created"] = Date(_bom.Observed),
            ["createdBy"] = Names([maker]),
        };
        return new() { ["@context"] = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", ["@graph"] = new JsonArray([creation, document, .. _elements]) };
    }

    /// <summary>The AI profile asks of every model for a supplier, a version, a place and a day of release, and for exactly one licence that was concluded and one that was declared.</summary>
    private static bool IsWhole(JsonObject package) => Demanded.All(package.ContainsKey);

    private void Licenses(BomPart part, string id)
    {
        if (part.Kind == BomKind.Dataset)
        {
            if (part.License is { } declared) Relate(id, "hasDeclaredLicense", [License([declared])]);
            return;
        }
        Relate(id, "hasConcludedLicense", [part.License is { } concluded ? License([concluded]) : NoAssertion]);
        BomLicense[] said = part == _bom.Model ? [.. (_bom.Detail.Verdict?.License.Declared ?? []).Select(BomLicense.Named).OfType<BomLicense>().DistinctBy(license => license.Reference)] : [];
        Relate(id, "hasDeclaredLicense", [said is [] ? NoAssertion : License(said)]);
    }

    private string Package(BomPart part)
    {
        var supplier = part.Model is { } known ? Once("Organization", $"supplier-{known.Author}", PlainText.Clean(known.Author)) : null;
        var id = Add(Model, part.Reference, PlainText.Clean(part.Name));
        var package = _elements[^1];
        package["software_primaryPurpose"] = "model";
        if (part.Version is { } version) package["software_packageVersion"] = version;
        if (part.IsHosted) package["software_downloadLocation"] = part.Page;
        if (supplier is not null) package["suppliedBy"] = supplier;
        if (part.Model?.CreatedAt is { } created) package["releaseTime"] = Date(created);
        if (part.Model?.Summary is { Length: > 0 } summary) package["description"] = PlainText.Clean(summary);
        if (part.Model?.Task is { } task) package["ai_domain"] = Names([PlainText.Clean(task)]);
        if (part.Kind != BomKind.Model) return id;
        if (_bom.Detail.Facts?.ModelType is { } type) package["ai_typeOfModel"] = Names([PlainText.Clean(type)]);
        if (_bom.Detail.Verdict is { } verdict)
        {
            package["ai_informationAboutTraining"] = $"Training data: {verdict.Axes.Data}. Code: {verdict.Axes.Code}.";
            package["comment"] = PlainText.Clean(string.Join(" ", verdict.Reasons.Select(reason => reason.Text)));
        }
        return id;
    }

    private string Dataset(BomPart part)
    {
        var id = Add("dataset_DatasetPackage", part.Reference, PlainText.Clean(part.Name));
        _elements[^1]["dataset_datasetType"] = Names(["noAssertion"]);
        _elements[^1]["software_primaryPurpose"] = "data";
        if (part.IsHosted) _elements[^1]["software_downloadLocation"] = part.Page;
        return id;
    }

    /// <summary>Several apply together.</summary>
    private string License(IReadOnlyList<BomLicense> licenses)
    {
        var expression = string.Join(" AND ", licenses.Select(license => license.Reference));
        var name = $"license-{expression}";
        if (Existing(name) is { } known) return known;
        List<(string Reference, string Text)> own = [.. licenses.Where(license => license.Spdx is null).Select(license => (license.Reference, Text(license)))];
        var id = Add("simplelicensing_LicenseExpression", name, null);
        _elements[^1]["simplelicensing_licenseExpression"] = expression;
        if (own is not []) _elements[^1]["simplelicensing_customIdToUri"] = new JsonArray([.. own.Select(entry => (JsonNode)new JsonObject { ["type"] = "DictionaryEntry", ["key"] = entry.Reference, ["value"] = entry.Text })]);
        return id;
    }

    private string Text(BomLicense license)
    {
        var name = $"text-{license.Reference}";
        if (Existing(name) is { } known) return known;
        var id = Add("simplelicensing_SimpleLicensingText", name, PlainText.Clean(license.Name));
        _elements[^1]["simplelicensing_licenseText"] = license.Page is { } page ? $"{license.Name}: see {page}" : PlainText.Clean(license.Name);
        return id;
    }

    private void Relate(string from, string how, IEnumerable<string> to)
    {
        Add("Relationship", string.Create(CultureInfo.InvariantCulture, $"relation-{_elements.Count}"), null);
        (_elements[^1]["from"], _elements[^1]["relationshipType"], _elements[^1]["to"]) = (from, how, Names(to));
    }

    private string Once(string type, string key, string name) => Existing(key) ?? Add(type, key, name);

    private string? Existing(string key) => _elements.Exists(element => element["spdxId"]?.GetValue<string>() == Id(key)) ? Id(key) : null;

    private string Add(string type, string key, string? name)
    {
        var element = new JsonObject { ["type"] = type, ["spdxId"] = Id(key), ["creationInfo"] = Creation };
        if (name is not null) element["name"] = name;
        _elements.Add(element);
        return Id(key);
    }

    /// <summary>Readable where a name is plain; where it is not, a hash keeps two names apart.</summary>
    private string Id(string key)
    {
        var plain = string.Concat(key.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '-'));
        return _space + (plain == key ? key : $"{plain}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..8]}");
    }

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);

    private static string Date(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
