using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Tests.Display;

/// <summary>What is written as one text is to the letter what the renderer would have sent.</summary>
public sealed class FlatTests
{
    private const string Hostile = "<script>alert(\"1\")</script> & 'x' \u202e \U0001f600 é \ud800";

    public static TheoryData<string> Names => [.. Fragments.Keys];

    private static readonly Dictionary<string, RenderFragment> Fragments = new(StringComparer.Ordinal)
    {
        ["class"] = ClassChip.Of(Openness.OpenWeights, Basis.Claimed),
        ["links"] = FacetList.Of(new(CatalogView.Start, FilterKeys.Find("tag")!), [new(Hostile, Hostile, 12_345), new("plain", "plain", 1)]),
        ["date"] = DateOf.Of(new DateTime(2026, 11, 27, 8, 9, 10, DateTimeKind.Utc)),
        ["regions"] = builder =>
        {
            builder.OpenRegion(0);
            builder.AddContent(0, AxesBar.Of(new("public", "open", "unknown", "none")));
            builder.CloseRegion();
            builder.AddMarkupContent(1, "<hr />");
            builder.AddContent(2, Hostile);
        },
        ["attributes"] = builder =>
        {
            builder.OpenElement(0, "input");
            builder.AddAttribute(1, "disabled", true);
            builder.AddAttribute(2, "checked", false);
            builder.AddAttribute(3, "title", Hostile);
            builder.AddAttribute(4, "placeholder", (string?)null);
            builder.CloseElement();
            builder.OpenElement(5, "p");
            builder.CloseElement();
        },
        ["long"] = builder =>
        {
            for (var line = 0; line < 1000; line++)
            {
                builder.OpenElement(0, "li");
                builder.AddContent(1, Hostile + line);
                builder.CloseElement();
            }
        },
        ["inside another"] = builder => builder.AddContent(0, Flat.Of(inner => inner.AddContent(0, Hostile))),
        ["empty"] = _ => { },
    };

    [Theory, MemberData(nameof(Names))]
    public async Task It_is_the_text_that_the_renderer_writes(string name)
    {
        var wanted = await RenderAsync(Fragments[name]);

        Assert.Equal(wanted, Flat.Of(Fragments[name]).Value);
        Assert.Equal(wanted, Flat.Of(Fragments[name]).Value); // nothing of it stays for the next
    }

    [Fact]
    public void What_needs_the_renderer_is_refused_and_spoils_nothing()
    {
        RenderFragment[] needy =
        [
            builder => { builder.OpenComponent<Raw>(0); builder.CloseComponent(); },
            builder => { builder.OpenElement(0, "textarea"); builder.AddAttribute(1, "value", "x"); builder.CloseElement(); },
            builder => { builder.OpenElement(0, "a"); builder.AddAttribute(1, "onclick", EventCallback.Empty); builder.CloseElement(); },
        ];

        foreach (var fragment in needy) Assert.Throws<NotSupportedException>(() => Flat.Of(fragment));

        Assert.Equal("plain", Flat.Of(builder => builder.AddContent(0, "plain")).Value);
    }

    private static async Task<string> RenderAsync(RenderFragment fragment)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<Raw>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Raw.Content)] = fragment }))).ToHtmlString());
    }

    private sealed class Raw : ComponentBase
    {
        [Parameter] public RenderFragment? Content { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder __builder) => __builder.AddContent(0, Content);
    }
}
