using ModelAtlas.Domain.Licenses;
using ModelAtlas.Testing;

namespace ModelAtlas.Domain.Tests.Licenses;

public class LicenseFactTests
{
    private static readonly List<License> Hub = [.. LicenseDesk.All.Where(license => license.HubId is not null)];

    [Fact]
    public void Every_licence_of_the_Hub_is_decided_cell_by_cell_with_clause_and_source()
    {
        foreach (var license in Hub)
        {
            Assert.NotNull(license.FactsSource);
            Assert.Equal(FactTag.All, license.Facts.Select(fact => fact.Tag));
            Assert.All(license.Facts, fact => Assert.True(fact.Answer is null || fact.Clause is not null, $"{license.Id}: {fact.Tag.Id} names no clause"));
        }
    }

    [Fact]
    public void At_most_one_cell_in_ten_is_left_open()
    {
        const string folder = "licenses/texts";
        var texts = SharedData.Find(folder) is { } path ? Directory.EnumerateFiles(path, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)) : [];
        var cells = texts.Select(LicenseDesk.Find).OfType<License>().Union(Hub).SelectMany(license => license.Facts).ToList();

        Assert.True(cells.Count(cell => cell.Answer is null) * 10 <= cells.Count, $"{cells.Count(cell => cell.Answer is null)} of {cells.Count}");
    }

    [Fact]
    public void Every_text_of_the_reference_is_decided()
    {
        const string folder = "licenses/texts";
        var path = SharedData.Find(folder);
        Assert.SkipWhen(path is null, SharedData.SkipMessage(folder));

        Assert.All(Directory.EnumerateFiles(path, "*.txt"), file => Assert.NotNull(LicenseDesk.Find(Path.GetFileNameWithoutExtension(file))?.FactsSource));
    }

    [Theory]
    [InlineData("mit", "commercial-use", Answer.Yes)]
    [InlineData("apache-2.0", "patent-use", Answer.Yes)]
    [InlineData("apache-2.0", "document-changes", Answer.Yes)]
    [InlineData("gpl-3.0", "same-license", Answer.Yes)]
    [InlineData("gpl-3.0", "hosting-is-distribution", Answer.No)]
    [InlineData("agpl-3.0", "network-use-disclose", Answer.Yes)]
    [InlineData("mpl-2.0", "same-license--file", Answer.Yes)]
    [InlineData("lgpl-3.0", "same-license--library", Answer.Yes)]
    [InlineData("cc-by-nc-4.0", "commercial-use", Answer.No)]
    [InlineData("cc-by-nd-4.0", "modifications", Answer.No)]
    [InlineData("cc0-1.0", "include-copyright", Answer.No)]
    [InlineData("llama2", "output-training", Answer.No)]
    [InlineData("llama3.1", "output-training", Answer.Conditional)]
    [InlineData("llama3.1", "user-threshold", Answer.Yes)]
    [InlineData("llama3.2", "territory", Answer.Conditional)]
    [InlineData("gemma", "hosting-is-distribution", Answer.Yes)]
    [InlineData("gemma", "distillation-is-derivative", Answer.Yes)]
    [InlineData("hunyuan", "territory", Answer.Yes)]
    [InlineData("kimi-modified-mit", "naming", Answer.Conditional)]
    [InlineData("mistral-modified-mit", "revenue-threshold", Answer.Yes)]
    [InlineData("creativeml-openrail-m", "restrictions-flow-down", Answer.Yes)]
    [InlineData("alphafold3-weights", "gate", Answer.Yes)]
    [InlineData("other", "commercial-use", Answer.Conditional)]
    public void A_fact_is_what_the_text_says(string id, string tag, Answer answer) =>
        Assert.Equal(answer, LicenseDesk.Find(id)?.Facts.Single(fact => fact.Tag.Id == tag).Answer);

    [Fact]
    public void Classes_and_facts_do_not_contradict_each_other()
    {
        foreach (var license in LicenseDesk.All.Where(license => license.FactsSource is not null))
        {
            if (license.Class is LicenseClass.NonCommercial) Assert.True(license.Fact(FactTag.NonCommercial).Answer is Answer.Yes, $"{license.Id} is non-commercial by class only");
            if (license.Class is LicenseClass.Open) Assert.True(license.Fact(FactTag.NonCommercial).Answer is Answer.No && license.Fact(FactTag.CommercialUse).Answer is Answer.Yes, $"{license.Id} is open by class only");
            if (license.Fact(FactTag.SameLicense).Answer is Answer.Yes) Assert.True(license.Fact(FactTag.DerivativesKeepTerms).Answer is Answer.Yes, $"{license.Id}: same licence, yet terms need not stay");
        }
    }

    [Fact]
    public void Comparing_licences_shows_every_fact_and_which_differ()
    {
        var comparison = LicenseComparison.Of([Find("mit"), Find("llama3.1"), Find("gemma")]);

        Assert.Equal(FactTag.All.Count, comparison.Rows.Count);
        Assert.All(comparison.Rows, row => Assert.Equal(3, row.Cells.Count));
        Assert.Contains(comparison.Differences, row => row.Tag == FactTag.UserThreshold);
        Assert.DoesNotContain(comparison.Differences, row => row.Tag == FactTag.Warranty);
    }

    [Theory]
    [InlineData("mit", "mit")]
    [InlineData("mit", "apache-2.0")]
    [InlineData("llama2", "llama3", "llama3.1")]
    [InlineData("gemma", "deepseek", "qwen", "mrl")]
    [InlineData("apache-2.0", "gpl-3.0", "agpl-3.0", "cc-by-nc-4.0", "unknown")]
    public void Two_to_five_licences_are_compared_row_by_row_in_the_order_given(params string[] ids)
    {
        var comparison = LicenseComparison.Of([.. ids.Select(Find)]);

        Assert.Equal(ids, comparison.Licenses.Select(license => license.Id));
        Assert.Equal(FactTag.All, comparison.Rows.Select(row => row.Tag));
        Assert.All(comparison.Rows, row => Assert.Equal(ids.Select(id => Find(id).Fact(row.Tag)), row.Cells));
        Assert.Equal(comparison.Rows.Where(row => row.Cells.Select(cell => cell.Answer).Distinct().Count() > 1), comparison.Differences);
    }

    private static License Find(string id) => LicenseDesk.Find(id) ?? throw new ArgumentException(id);
}
