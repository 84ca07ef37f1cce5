using ModelAtlas.Web.Accounts;

namespace ModelAtlas.Web.Tests.Accounts;

public sealed class PasswordRuleTests
{
    [Theory]
    [InlineData(null, "at least 12")]
    [InlineData("", "at least 12")]
    [InlineData("elevenchars", "at least 12")]
    [InlineData("xx-LoVeLaCe-yy-zz", "account's name")]
    [InlineData("aaaaaaaaaaaaaaaa", "different characters")]
    [InlineData("abababababababab", "different characters")]
    [InlineData("twelve\0chars.", "control")]
    public void A_guessable_or_unstorable_password_is_refused(string? password, string why)
    {
        var complaint = PasswordRule.Complaint(password, "lovelace");

        Assert.Contains(why, complaint, StringComparison.Ordinal);
        if (password is { Length: > 0 }) Assert.DoesNotContain(password, complaint, StringComparison.Ordinal);
    }

    // Half of a pair is hashed as a replacement character: every other half would open the account too.
    [Theory]
    [InlineData('\uD800')]
    [InlineData('\uDC00')]
    public void Half_of_a_surrogate_pair_is_refused(char half) =>
        Assert.Equal("A password has no control characters.", PasswordRule.Complaint($"twelve{half}chars.", "lovelace"));

    [Theory]
    [InlineData("twelve chars")]
    [InlineData("пароль-из-слов")]
    [InlineData("four 🐎 battery staple")]
    public void Any_script_will_do(string password) => Assert.Null(PasswordRule.Complaint(password, "lovelace"));

    [Fact]
    public void A_password_has_an_upper_limit_because_checking_it_costs_time() =>
        Assert.Contains("at most", PasswordRule.Complaint(string.Concat(Enumerable.Repeat("abcdefgh", 26)), "lovelace"), StringComparison.Ordinal);

    [Fact]
    public void A_made_password_passes_the_rule_and_differs_each_time()
    {
        var made = Enumerable.Range(0, 100).Select(_ => PasswordRule.Generate()).ToList();

        Assert.All(made, password => Assert.Null(PasswordRule.Complaint(password, "lovelace")));
        Assert.Equal(made.Count, made.Distinct().Count());
    }
}
