using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Tests.Display;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("bert-base_1.0", "bert-base_1.0")]
    [InlineData("g\u043E\u043Egle", @"g\u043E\u043Egle")]
    [InlineData("a\u202Eb", @"a\u202Eb")]
    [InlineData("a\u200Bb", @"a\u200Bb")]
    [InlineData("e\u0301", @"e\u0301")]
    [InlineData("a\U0001F4A9", @"a\U0001F4A9")]
    public void DAT_11_A_name_shows_whatever_is_not_plain_as_an_escape(string name, string shown) =>
        Assert.Equal(shown, string.Concat(PlainText.Visible(name, isName: true).Select(piece => piece.Text)));

    [Theory]
    [InlineData("Größe, 模型, نموذج", "Größe, 模型, نموذج")]
    [InlineData("a\u202Eb\u2066c", @"a\u202Eb\u2066c")]
    [InlineData("a\u0007b", @"a\u0007b")]
    public void DAT_11_Text_in_any_script_is_shown_as_it_is_and_only_what_hides_or_turns_is_escaped(string text, string shown) =>
        Assert.Equal(shown, string.Concat(PlainText.Visible(text, isName: false).Select(piece => piece.Text)));

    [Theory]
    [InlineData("  a \t\r\n b  ", "a b")]
    [InlineData("a\0b", "a b")]
    [InlineData("e\u0301", "é")]
    [InlineData(" ", "")]
    public void A_line_to_search_for_has_no_controls_no_halves_and_single_blanks(string text, string clean) => Assert.Equal(clean, PlainText.Clean(text));

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character()
    {
        Assert.Equal("\uFFFDx", PlainText.Clean("\uD800x"));
        Assert.Equal(("\uFFFD", false), PlainText.Visible("\uDC00", isName: false).Single());
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1_000, "1K")]
    [InlineData(999_499, "999K")]
    [InlineData(999_500, "1M")]
    [InlineData(7_241_732_096, "7.24B")]
    [InlineData(176_247_271_424, "176B")]
    [InlineData(1_500_000_000_000, "1.5T")]
    public void Large_numbers_have_three_digits_and_a_unit(long number, string text) => Assert.Equal(text, Amount.Short(number));
}
