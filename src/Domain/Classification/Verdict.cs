using System.Text.Json.Serialization;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Domain.Classification;

/// <summary>What a model is under one lens and one version of the rules, and why.</summary>
/// <param name="RuleVersion">Version of the rule set; a verdict of another version is re-decided.</param>
/// <param name="Class">Null only when nobody has looked for weights.</param>
/// <param name="Reasons">The rules that fired, in order.</param>
/// <param name="Missing">What would have to be found for the next class, in words.</param>
public sealed record Verdict(
    string RuleVersion,
    string Lens,
    Openness? Class,
    Basis Basis,
    Rung? Rung,
    LicenseFinding License,
    AxisLevels Axes,
    IReadOnlyList<Reason> Reasons,
    IReadOnlyList<string> Missing);

/// <summary>The licence that governs the weights.</summary>
/// <param name="Declared">Every licence id or text that the publisher named, in the order named.</param>
/// <param name="Effective">Id of the licence that governs; null when none was found.</param>
/// <param name="Family">Family of the effective licence, e.g. <c>permissive</c>.</param>
/// <param name="Class">What the rule reads: <c>open</c>, <c>use-restricted</c>, <c>licensee-restricted</c>, <c>non-commercial</c>, <c>proprietary</c> or <c>unknown</c>.</param>
/// <param name="Source">Which evidence decided: <c>tag</c>, <c>card</c>, <c>file</c>, <c>base</c>, …</param>
/// <param name="Conflicts">One sentence for each disagreement between sources.</param>
public sealed record LicenseFinding(
    IReadOnlyList<string> Declared,
    string? Effective,
    string? Family,
    string Class,
    string? Source,
    IReadOnlyList<string> Conflicts);

/// <summary>Level of each axis, in the words of the evidence model.</summary>
public sealed record AxisLevels(string Weights, string License, string Code, string Data);

/// <summary>One rule that fired, in a sentence a person can check, with the evidence it read.</summary>
public sealed record Reason(string Rule, string Text, IReadOnlyList<EvidenceItem> Evidence);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Verdict))]
public sealed partial class VerdictJson : JsonSerializerContext;
