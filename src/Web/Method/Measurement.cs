namespace ModelAtlas.Web.Method;

/// <param name="Of">Models of the reference judgements that could be compared.</param>
internal sealed record MeasuredShare(string What, int Right, int Of, double Kappa);

/// <summary>What the last run of tools/measure-classifier against the reference judgements printed. To be replaced with every change of the rules; the page says so where that was forgotten.</summary>
internal static class Measurement
{
    public const string Rules = "R3";
    public const string On = "2026-11-26";
    public const string How = "dotnet run -c Release --project tools/measure-classifier -- ../shared/data truth";

    public static readonly IReadOnlyList<MeasuredShare> Shares =
    [
        new("Class, where independent judgements agree and the model's card was at hand", 47, 51, 0.82),
        new("Class, where independent judgements agree, with or without a card", 80, 93, 0.63),
        new("Class, every model with a judgement and a card", 73, 81, 0.75),
        new("Level of the weights", 162, 176, 0.43),
        new("Class of the licence", 128, 150, 0.72),
        new("Level of the training data", 62, 143, 0.22),
    ];
}
