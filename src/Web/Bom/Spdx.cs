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
    private static readonly string[] Profiles = ["core", "software", "simpleLicensing"];
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
        foreach (var (part, id) in ids)
            if (part.License is { } license) Relate(id, part.Kind == BomKind.Dataset ? "hasDeclaredLicense" : "hasConcludedLicense", [License(license)]);
        var model = ids[_bom.Model];
        foreach (var declared in _bom.Detail.Verdict?.License.Declared.Select(BomLicense.Named).OfType<BomLicense>().DistinctBy(license => license.Reference) ?? []) Relate(model, "hasDeclaredLicense", [License(declared)]);
        if (_bom.Direct.Select(part => ids[part]).ToList() is [_, ..] bases) Relate(model, "descendantOf", bases);
        if (_bom.Datasets.Select(part => ids[part]).ToList() is [_, ..] datasets) Relate(model, "trainedOn", datasets);
        var document = new JsonObject
        {
            ["type"] = "SpdxDocument",
            ["spdxId"] = _space + "document",
            ["creationInfo"] = Creation,
            ["name"] = $"Bill of materials of {PlainText.Clean(_bom.Model.Name)}",
            ["profileConformance"] = Names(IsWhole ? [.. Profiles, "ai"] : Profiles),
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

    /// <summary>The AI profile asks for a supplier, a version, a place and a day of release.</summary>
    private bool IsWhole => _bom.Model is { Version: not null, IsHosted: true } && _bom.Detail.Row.CreatedAt is not null;

    private string Package(BomPart part)
    {
        var supplier = part.Model is { } known ? Once("Organization", $"supplier-{known.Author}", PlainText.Clean(known.Author)) : null;
        var id = Add("ai_AIPackage", part.Reference, PlainText.Clean(part.Name));
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

    private string License(BomLicense license)
    {
        var name = $"license-{license.Reference}";
        if (Existing(name) is { } known) return known;
        string? text = null;
        if (license.Spdx is null)
        {
            text = Add("simplelicensing_SimpleLicensingText", $"text-{license.Reference}", PlainText.Clean(license.Name));
            _elements[^1]["simplelicensing_licenseText"] = license.Page is { } page ? $"{license.Name}: see {page}" : PlainText.Clean(license.Name);
        }
        var id = Add("simplelicensing_LicenseExpression", name, null);
        _elements[^1]["simplelicensing_licenseExpression"] = license.Reference;
        if (text is not null) _elements[^1]["simplelicensing_customIdToUri"] = new JsonArray(new JsonObject { ["type"] = "DictionaryEntry", ["key"] = license.Reference, ["value"] = text });
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
