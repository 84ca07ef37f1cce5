using ModelAtlas.Web.Catalog.Local;

namespace ModelAtlas.Web.Tests.Catalog.Local;

public sealed class MachineFitTests
{
    private const long Room = 16_000_000_000;

    [Theory]
    [InlineData(7_000_000_000, Fit.Fits)]
    [InlineData(14_000_000_000, Fit.Tight)]
    [InlineData(70_000_000_000, Fit.TooLarge)]
    [InlineData(null, Fit.Unknown)]
    [InlineData(0L, Fit.Unknown)]
    public void The_number_of_parameters_says_whether_a_model_fits(long? parameters, Fit fit) => Assert.Equal(fit, MachineFit.Of(parameters, Room));

    [Fact]
    public void Where_nobody_knows_the_memory_nothing_is_said() => Assert.Equal(Fit.Unknown, MachineFit.Of(1, null));

    [Fact]
    public void Ranges_meet_and_answer_as_the_question_does()
    {
        foreach (var fit in new[] { Fit.Fits, Fit.Tight, Fit.TooLarge })
        {
            var (low, high) = MachineFit.Range(fit, Room);
            Assert.Equal(fit, MachineFit.Of(low, Room));
            Assert.Equal(fit, MachineFit.Of(high, Room));
        }
        Assert.Equal(MachineFit.Range(Fit.Fits, Room).High + 1, MachineFit.Range(Fit.Tight, Room).Low);
        Assert.Equal(MachineFit.Range(Fit.Tight, Room).High + 1, MachineFit.Range(Fit.TooLarge, Room).Low);
    }

    [Fact]
    public void The_sum_is_shown() => Assert.Contains("7.42 GB of weights in 8 bits + 1.86 GB for their arrangement + 268 MB to work in = 9.54 GB, of 16 GB", MachineFit.Sum(7_000_000_000, Room), StringComparison.Ordinal);
}
