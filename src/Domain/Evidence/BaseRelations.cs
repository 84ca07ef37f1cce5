namespace ModelAtlas.Domain.Evidence;

/// <summary>How a model came from another, as the state of an item of <see cref="Axis.Base"/>.</summary>
public static class BaseRelations
{
    public const string Finetune = "finetune";
    public const string Quantized = "quantized";
    public const string Adapter = "adapter";
    public const string Merge = "merge";

    /// <summary>Not made from it, but trained on the same data: its data level carries over, its licence does not.</summary>
    public const string SameData = "same-data";
}
