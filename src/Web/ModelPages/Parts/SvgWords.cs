using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace ModelAtlas.Web.ModelPages.Parts;

/// <summary>A <c>text</c> element of a drawing, which Razor keeps for a meaning of its own.</summary>
public sealed class SvgWords : ComponentBase
{
    [Parameter, EditorRequired] public required int X { get; set; }
    [Parameter, EditorRequired] public required int Y { get; set; }
    [Parameter, EditorRequired] public required string Words { get; set; }
    [Parameter] public string? Class { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", X);
        builder.AddAttribute(2, "y", Y);
        builder.AddAttribute(3, "class", Class);
        builder.AddContent(4, Words);
        builder.CloseElement();
    }
}
