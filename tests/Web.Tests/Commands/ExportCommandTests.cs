using System.Text.Json;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;

namespace ModelAtlas.Web.Tests.Commands;

public sealed class ExportCommandTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_filter_is_written_as_its_address_says_it_and_what_cannot_be_is_told()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(connection, SampleCatalog.Models, SampleCatalog.Datasets);
        var environment = new Dictionary<string, string> { ["ConnectionStrings__Atlas"] = connection };

        var (done, lines, errors) = await AtlasProcess.RunAsync(["export", "--filter", "org=filler-lab&sort=name&dir=asc", "--format", "jsonl"], environment);
        Assert.True(done == 0, errors);
        Assert.Equal(Enumerable.Range(1, 60).Select(number => $"filler-lab/model-{number:00}"), lines.Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()));

        await using var folder = await TestFolder.CreateAsync("export");
        var file = Path.Combine(folder.Path, "closed.parquet");
        Assert.Equal(0, (await AtlasProcess.RunAsync(["export", "--filter", "class=closed", "--format", "parquet", "--out", file], environment)).ExitCode);
        Assert.Equal("PAR1"u8.ToArray(), (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))[..4]);

        var (wrong, _, complaint) = await AtlasProcess.RunAsync(["export", "--filter", "clas=open"], environment);
        Assert.Equal((2, true), (wrong, complaint.StartsWith("--filter: clas is no key here", StringComparison.Ordinal)));
        Assert.Equal((2, "--format xml is none: it is csv, jsonl, parquet."), ((await AtlasProcess.RunAsync(["export", "--format", "xml"], environment)) is var (code, _, said) ? (code, said) : default));
    }
}
