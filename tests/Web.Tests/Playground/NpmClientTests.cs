using System.Diagnostics;
using ModelAtlas.Inference.BuiltIn;
using ModelAtlas.Testing;
using ModelAtlas.Web.Tests.Operations;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>The official client of npm, fetched by its name as anybody would, against the real site.</summary>
public sealed class NpmClientTests(ShelfFixture shelf) : IClassFixture<ShelfFixture>
{
    private const string Package = "openai@7.57.0";
    private static readonly string[] Parts = ["models", "chat", "chat logprobs", "chat streamed", "chat stream helper", "completion and logprobs", "completion streamed", "several texts and seeds", "abort", "errors"];

    [Fact]
    public async Task The_npm_client_lists_chats_completes_streams_and_hears_errors()
    {
        Assert.SkipWhen(shelf.Site is null, SharedData.SkipMessage("models/stories260K"));
        await using var folder = await TestFolder.CreateAsync("npm-client");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "package.json"), """{"private":true,"type":"module"}""", TestContext.Current.CancellationToken);
        var (installed, _, complaint) = await RunAsync("npm", folder.Path, "install", "--no-audit", "--no-fund", "--ignore-scripts", Package);
        Assert.SkipWhen(installed != 0, $"{Package} could not be fetched, so that the npm client was not tried: {complaint}");
        var script = Path.Combine(folder.Path, "client.mjs");
        await File.WriteAllTextAsync(script, Repository.Read("tests/Web.Tests/Playground/npm-client.mjs"), TestContext.Current.CancellationToken);
        var (code, said, errors) = await RunAsync("node", folder.Path, script, shelf.Site.Address.ToString(), ShelfFixture.Model, BuiltInModel.Id);
        Assert.True(code == 0, $"{said}\n{errors}");
        Assert.Equal(Parts, said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line["ok ".Length..]));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string program, string folder, params string[] arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null) return (1, "", $"{program} did not start");
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (1, "", missing.Message);
        }
    }
}
