namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>Notes in graphs of our making, on what their nodes do not show.</summary>
internal static class OnnxNotes
{
    /// <summary>Texts of more tokens than this read another rotary table.</summary>
    public const string TableSwitch = "modelatlas.table_switch";

    /// <summary>The rotary table changes with every token beyond this many.</summary>
    public const string TableGrows = "modelatlas.table_grows";

    /// <summary>Most tokens of a text, where the configuration that the weights came with does not say it.</summary>
    public const string Context = "modelatlas.context";
}
