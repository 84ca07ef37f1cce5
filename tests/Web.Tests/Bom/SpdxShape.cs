using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ModelAtlas.Web.Tests.Bom;

/// <summary>What the SPDX 3.0.1 model says of the classes that our bills use: which properties an element may have, which it must, how many values, and from which words. Told after the model's class descriptions.</summary>
internal static partial class SpdxShape
{
    private const string Many = "*", One = "1";

    private static readonly Dictionary<string, string> Element = new()
    {
        ["spdxId"] = "1!",
        ["creationInfo"] = "1!",
        ["name"] = One,
        ["summary"] = One,
        ["description"] = One,
        ["comment"] = One,
        ["verifiedUsing"] = Many,
        ["externalRef"] = Many,
        ["externalIdentifier"] = Many,
        ["extension"] = Many,
    };

    private static readonly Dictionary<string, string> Package = new(Element)
    {
        ["suppliedBy"] = One,
        ["originatedBy"] = Many,
        ["builtTime"] = One,
        ["releaseTime"] = One,
        ["validUntilTime"] = One,
        ["standardName"] = Many,
        ["supportLevel"] = Many,
        ["software_primaryPurpose"] = One,
        ["software_additionalPurpose"] = Many,
        ["software_copyrightText"] = One,
        ["software_attributionText"] = Many,
        ["software_contentIdentifier"] = Many,
        ["software_packageVersion"] = One,
        ["software_downloadLocation"] = One,
        ["software_packageUrl"] = One,
        ["software_homePage"] = One,
        ["software_sourceInfo"] = One,
    };

    private static readonly Dictionary<string, Dictionary<string, string>> Classes = new()
    {
        ["CreationInfo"] = new() { ["@id"] = "1!", ["specVersion"] = "1!", ["created"] = "1!", ["createdBy"] = "*!", ["createdUsing"] = Many, ["comment"] = One },
        ["SoftwareAgent"] = Element,
        ["Organization"] = Element,
        ["SpdxDocument"] = new(Element) { ["element"] = Many, ["rootElement"] = Many, ["profileConformance"] = Many, ["import"] = Many, ["namespaceMap"] = Many, ["dataLicense"] = One },
        ["Relationship"] = new(Element) { ["from"] = "1!", ["to"] = "*!", ["relationshipType"] = "1!", ["completeness"] = One, ["startTime"] = One, ["endTime"] = One },
        ["ai_AIPackage"] = new(Package)
        {
            ["ai_autonomyType"] = One,
            ["ai_domain"] = Many,
            ["ai_energyConsumption"] = One,
            ["ai_hyperparameter"] = Many,
            ["ai_informationAboutApplication"] = One,
            ["ai_informationAboutTraining"] = One,
            ["ai_limitation"] = One,
            ["ai_metric"] = Many,
            ["ai_metricDecisionThreshold"] = Many,
            ["ai_modelDataPreprocessing"] = Many,
            ["ai_modelExplainability"] = Many,
            ["ai_safetyRiskAssessment"] = One,
            ["ai_standardCompliance"] = Many,
            ["ai_typeOfModel"] = Many,
            ["ai_useSensitivePersonalInformation"] = One,
        },
        ["dataset_DatasetPackage"] = new(Package)
        {
            ["dataset_datasetType"] = "*!",
            ["dataset_anonymizationMethodUsed"] = Many,
            ["dataset_confidentialityLevel"] = One,
            ["dataset_dataCollectionProcess"] = One,
            ["dataset_dataPreprocessing"] = Many,
            ["dataset_datasetAvailability"] = One,
            ["dataset_datasetNoise"] = One,
            ["dataset_datasetSize"] = One,
            ["dataset_datasetUpdateMechanism"] = One,
            ["dataset_hasSensitivePersonalInformation"] = One,
            ["dataset_intendedUse"] = One,
            ["dataset_knownBias"] = Many,
            ["dataset_sensor"] = Many,
        },
        ["simplelicensing_LicenseExpression"] = new(Element) { ["simplelicensing_licenseExpression"] = "1!", ["simplelicensing_licenseListVersion"] = One, ["simplelicensing_customIdToUri"] = Many },
        ["simplelicensing_SimpleLicensingText"] = new(Element) { ["simplelicensing_licenseText"] = "1!" },
    };

    private static readonly Dictionary<string, string[]> Words = new()
    {
        ["profileConformance"] = ["core", "software", "simpleLicensing", "expandedLicensing", "security", "build", "ai", "dataset", "extension", "lite"],
        ["dataset_datasetType"] = ["audio", "categorical", "graph", "image", "noAssertion", "numeric", "other", "sensor", "structured", "syntactic", "text", "timeseries", "timestamp", "video"],
    };

    public static IReadOnlyList<string> Errors(JsonNode document)
    {
        List<string> errors = [];
        foreach (var element in document["@graph"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            var type = element["type"]?.GetValue<string>() ?? "";
            if (!Classes.TryGetValue(type, out var properties))
            {
                errors.Add($"{type} is no class");
                continue;
            }
            errors.AddRange(properties.Where(property => property.Value.EndsWith('!') && !element.ContainsKey(property.Key)).Select(property => $"{type} lacks {property.Key}"));
            foreach (var (name, value) in element.Where(property => property.Key != "type"))
            {
                if (!properties.TryGetValue(name, out var count)) errors.Add($"{type} has no {name}");
                else if (count[0] == '*' != value is JsonArray) errors.Add($"{type}.{name} has the wrong number of values");
                else if (count == "*!" && value is JsonArray { Count: 0 }) errors.Add($"{type}.{name} is empty");
                if (Words.TryGetValue(name, out var known)) errors.AddRange((value as JsonArray ?? []).Select(word => word?.GetValue<string>() ?? "").Where(word => !known.Contains(word)).Select(word => $"{name} cannot be {word}"));
                if (name is "created" or "releaseTime" or "builtTime" && !Time().IsMatch(value?.GetValue<string>() ?? "")) errors.Add($"{type}.{name} is no time");
                if (name is "spdxId" && !Iri().IsMatch(value?.GetValue<string>() ?? "")) errors.Add($"{value} is no IRI");
            }
        }
        return errors;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", RegexOptions.None, 1000)]
    private static partial Regex Time();

    [GeneratedRegex("^(?!_:)[^:]+:.+", RegexOptions.None, 1000)]
    private static partial Regex Iri();
}
