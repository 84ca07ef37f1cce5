using Microsoft.Extensions.Configuration;
using ModelAtlas.Web.Commands;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Web.Tests.Hosting;

public sealed class AtlasOptionsTests
{
    [Theory]
    [InlineData("Atlas:Roles", "site,cook", "Atlas__Roles is 'site,cook': give one or more of site, jobs, inference, separated by commas.")]
    [InlineData("Atlas:Roles", " , ", "Atlas__Roles is ' , '")]
    [InlineData("Atlas:Postgres:PasswordFile", "/nowhere/at/all", "Atlas__Postgres__PasswordFile names '/nowhere/at/all', which is not there")]
    [InlineData("Atlas:Offline", "maybe", "Atlas:Offline")]
    public void A_wrong_setting_is_named_with_what_is_allowed(string key, string value, string message)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        Assert.Contains(message, Assert.Throws<CommandException>(() => AtlasConfiguration.Read(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_folder_that_is_a_file_is_refused()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Atlas:Data", typeof(AtlasOptions).Assembly.Location)]).Build();

        Assert.Contains("which is a file", Assert.Throws<CommandException>(() => AtlasConfiguration.Read(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_settings_a_process_is_site_and_jobs_with_its_data_beside_the_solution()
    {
        var options = AtlasConfiguration.Read(new ConfigurationBuilder().Build());

        Assert.Equal([AtlasRole.Site, AtlasRole.Jobs], options.RoleSet);
        Assert.Equal(Path.Combine(AtlasOptions.Checkout ?? "", ".atlas"), options.DataFolder);
    }

    [Fact]
    public void Wrong_inference_settings_are_all_named_at_once()
    {
        var wrong = new InferenceOptionsValidator().Validate(null, new() { Device = "tpu", Remote = [new() { Name = "big", BaseUrl = "ftp://x" }, new() { BaseUrl = "http://127.0.0.1:8000/v1", ApiKeyFile = "/nowhere" }] });

        Assert.Equal(
            [
                "Atlas__Inference__Device is 'tpu': give one of auto, cpu, cuda, webgpu.",
                "Atlas__Inference__Remote__0__BaseUrl is 'ftp://x': give an http or https URL without user name, such as http://127.0.0.1:8000/v1.",
                "Atlas__Inference__Remote__1__Name is missing: give the host a short name that is shown with its models.",
                "Atlas__Inference__Remote__1__ApiKeyFile names '/nowhere', which is not there: write the key into that file, or unset the setting.",
            ],
            wrong.Failures);
    }
}
