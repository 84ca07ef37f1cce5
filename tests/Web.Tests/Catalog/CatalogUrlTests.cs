using Microsoft.AspNetCore.WebUtilities;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Filters;

namespace ModelAtlas.Web.Tests.Catalog;

public sealed class CatalogUrlTests
{
    [Theory]
    [InlineData("", "/models")]
    [InlineData("?q=&class=&page=1&sort=downloads&dir=desc&size=50", "/models")]
    [InlineData("?class=open-source&class=closed", "/models?class=open-source,closed")]
    [InlineData("?class=open-source,closed,open-source", "/models?class=open-source,closed")]
    [InlineData("?CLASS=x", null)]
    [InlineData("?class=Open-Source", "/models?class=open-source")]
    [InlineData("?license=mit,apache-2.0&q=%20two%20%20words%20", "/models?q=two%20words&license=mit,apache-2.0")]
    [InlineData(@"?license=Apache 2.0\, see LICENSE", @"/models?license=Apache%202.0%5C,%20see%20LICENSE")]
    [InlineData("?q=a,b", "/models?q=a,b")]
    [InlineData("?params=1b..7b", "/models?params=1B..7B")]
    [InlineData("?params=..500m", "/models?params=..500M")]
    [InlineData("?params=0.5B..", "/models?params=0.5B..")]
    [InlineData("?params=..", null)]
    [InlineData("?params=7B..1B", null)]
    [InlineData("?params=-1..2", null)]
    [InlineData("?params=99999999999T..", null)]
    [InlineData("?created=2024", "/models?created=2024")]
    [InlineData("?created=2024-02..2024-02-29", "/models?created=2024-02..2024-02-29")]
    [InlineData("?created=2023-02-29", null)]
    [InlineData("?updated=2024-01..", "/models?updated=2024-01..")]
    [InlineData("?gated=yes&conf=established", "/models?conf=established&gated=yes")]
    [InlineData("?gated=perhaps", null)]
    [InlineData("?sort=name", "/models?sort=name")]
    [InlineData("?sort=name&dir=desc", "/models?sort=name&dir=desc")]
    [InlineData("?sort=params&dir=asc&page=3&size=10", "/models?sort=params&dir=asc&page=3&size=10")]
    [InlineData("?rel=original", "/models")]
    [InlineData("?rel=any", "/models?rel=any")]
    [InlineData("?q=x&rel=any", "/models?q=x")]
    [InlineData("?q=x&rel=original", "/models?q=x&rel=original")]
    [InlineData("?rel=any&rel=merge", null)]
    [InlineData("?rel=Quantised,original", "/models?rel=quantized,original")]
    [InlineData("?class=closed&rel=finetune", "/models?class=closed&rel=finetune")]
    [InlineData("?weights=yes&code=partial,unknown&data=no", "/models?weights=yes&code=partial,unknown&data=no")]
    [InlineData("?data=described", null)]
    [InlineData("?ctx=32k..", "/models?ctx=32K..")]
    [InlineData("?ctx=8k..4k", null)]
    [InlineData("?ctx=1.5K", null)]
    [InlineData("?cursor=abc", null)]
    [InlineData("?utm_source=news&fbclid=1&q=x", "/models?q=x")]
    [InlineData("?m=a/b&m=c/d,a/b&q=x", "/models?q=x&m=a/b,c/d")]
    [InlineData("?m=a/b,c/d,e/f,g/h,i/j", null)]
    [InlineData("?m=nobody", null)]
    [InlineData("?cols=none&cols=updated,class", "/models?cols=class,updated")]
    [InlineData("?cols=class,license,may,axes,params,downloads,updated", "/models")]
    [InlineData("?cols=none", "/models?cols=none")]
    [InlineData("?cols=colour", null)]
    [InlineData("?fit=yes,tight&hosted=yes&policy=allowed", "/models?policy=allowed&fit=yes,tight&hosted=yes")]
    [InlineData("?policy=perhaps", null)]
    [InlineData("?page=1.5", null)]
    [InlineData("?page=+1", null)]
    public void What_is_read_is_written_in_one_form_and_junk_is_refused(string query, string? written)
    {
        var (view, problem) = CatalogUrl.Read(QueryHelpers.ParseQuery(query));
        Assert.Equal(written is null, problem is not null);
        if (view is null) return;
        Assert.Equal(written, CatalogUrl.Write(view));
        var again = CatalogUrl.Read(QueryHelpers.ParseQuery(new Uri("http://x" + written).Query)).View;
        Assert.Equal(written, CatalogUrl.Write(again ?? CatalogView.Start));
        Assert.Equal(view.Filter.ToString(), again?.Filter.ToString());
    }

    [Fact]
    public void A_refused_key_comes_with_the_same_address_without_it()
    {
        var (_, problem) = CatalogUrl.Read(QueryHelpers.ParseQuery("?class=closed&pagge=2&q=a b"));
        Assert.Equal("pagge", problem?.Key);
        Assert.Equal("/models?class=closed&q=a%20b", problem?.Rest);
        Assert.Contains("the keys are q, class", problem?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_show_originals_unless_told_otherwise_and_programs_get_what_they_ask_for()
    {
        static string Asked(string query, string path) => CatalogUrl.Read(QueryHelpers.ParseQuery(query), path).View?.Filter.ToString() ?? "";
        Assert.Equal("rel=original", Asked("", CatalogUrl.Page));
        Assert.Equal("", Asked("?rel=any", CatalogUrl.Page));
        Assert.Equal("q=bloom", Asked("?q=bloom", CatalogUrl.Page));
        Assert.Equal("", Asked("", CatalogUrl.Api));
        Assert.Equal("", Asked("?rel=any", CatalogUrl.Api));
        Assert.Equal("/api/v1/models?rel=original", CatalogUrl.Write(CatalogView.Start.Where(CatalogFilter.Usual), CatalogUrl.Api));
        Assert.Equal("/models?class=closed&rel=any", CatalogUrl.Write("class", "closed"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?task=a&lib=x&rel=any&sort=likes&size=10&page=3")]
    [InlineData(@"?q=two words&license=mit,see\, there,%25&dir=asc&rel=merge")]
    public void Links_of_values_are_those_of_the_views_they_lead_to(string query)
    {
        var view = CatalogUrl.Read(QueryHelpers.ParseQuery(query)).View ?? CatalogView.Start;
        foreach (var key in FilterKeys.Facets.Concat(FilterKeys.Many))
        {
            var links = new ValueLinks(view, key);
            foreach (var value in new[] { "mit", "a", "x", "original", "merge", "new, one", @"see, there", "%", "β&=" })
                Assert.Equal(CatalogUrl.Write(view.Where(view.Filter.Toggle(key.Name, value))), links.Toggle(value));
        }
    }

    [Fact]
    public void The_api_takes_limit_and_cursor_and_no_page()
    {
        Assert.NotNull(CatalogUrl.Read(QueryHelpers.ParseQuery("?page=1"), CatalogUrl.Api).Problem);
        Assert.Equal(10, CatalogUrl.Read(QueryHelpers.ParseQuery("?limit=10"), CatalogUrl.Api).View?.Size);
        Assert.Equal("cursor", CatalogUrl.Read(QueryHelpers.ParseQuery("?cursor=!!"), CatalogUrl.Api).Problem?.Key);
        var cursor = new CatalogCursor("12", 7).Write(CatalogView.Start);
        Assert.NotNull(CatalogUrl.Read(QueryHelpers.ParseQuery($"?cursor={cursor}"), CatalogUrl.Api).View);
        Assert.Equal("cursor", CatalogUrl.Read(QueryHelpers.ParseQuery($"?cursor={cursor}&sort=likes"), CatalogUrl.Api).Problem?.Key);
    }
}
