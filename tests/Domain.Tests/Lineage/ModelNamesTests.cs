using ModelAtlas.Domain.Lineage;

namespace ModelAtlas.Domain.Tests.Lineage;

public sealed class ModelNamesTests
{
    private static readonly ModelNames Names = new(
        ["acme/Falcon-40b", "acme/falcon-7b", "acme/t9-small", "acme/t9-large", "acme/mix-8x7B-v0.1", "acme/mix-8x7B-Instruct-v0.1", "zeta/sd-v1-5", "zeta/bert-base", "acme/twin-3b", "zeta/twin-3b", "acme/StarWriter"]);

    [Theory]
    [InlineData("acme/falcon-40B", "acme/Falcon-40b")]
    [InlineData("Falcon 40B", "acme/Falcon-40b")]
    [InlineData("StarWriter", "acme/StarWriter")]
    [InlineData("SD 1.5", "zeta/sd-v1-5")]
    [InlineData("SD v1.5", "zeta/sd-v1-5")]
    [InlineData("Falcon", null)]
    [InlineData("falcon-40", null)]
    [InlineData("other/falcon-40b", null)]
    [InlineData("twin-3b", null)] // two owners
    public void A_name_is_found_whole_or_not_at_all(string named, string? id) => Assert.Equal(id, Names.Find(named));

    [Theory]
    [InlineData("T9", "acme/t9-small", "acme/t9-large")]
    [InlineData("mix-8x7B", "acme/mix-8x7B-v0.1")]
    [InlineData("twin-3b", "acme/twin-3b", "zeta/twin-3b")]
    [InlineData("BERT")]
    [InlineData("mix-8x7B-Instruct-v0")]
    public void A_name_without_size_or_version_is_all_that_differ_in_nothing_else(string named, params string[] ids) => Assert.Equal(ids.Order(), Names.Sizes(named).Order());

    [Theory]
    [InlineData("Falcon-40B", "acme/falcon-40b", true)]
    [InlineData("falcon 40b", "acme/falcon-40b", true)]
    [InlineData("acme/falcon-40b", "acme/Falcon-40b", true)]
    [InlineData("zeta/falcon-40b", "acme/falcon-40b", false)]
    [InlineData("falcon-7b", "acme/falcon-40b", false)]
    public void A_card_that_speaks_of_its_own_model_names_no_base(string named, string id, bool same) => Assert.Equal(same, ModelNames.AreSame(named, id));
}
