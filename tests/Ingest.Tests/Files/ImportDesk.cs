using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Files;
using ModelAtlas.Ingest.Tests.Sync;
using ModelAtlas.Testing;

namespace ModelAtlas.Ingest.Tests.Files;

/// <summary>Files, and a catalogue that takes them in as <c>./atlas import</c> does.</summary>
internal sealed class ImportDesk : IAsyncDisposable
{
    private readonly TestFolder _folder;

    private ImportDesk(TestFolder folder, CatalogDesk catalog) => (_folder, Catalog) = (folder, catalog);

    public CatalogDesk Catalog { get; }

    public static async Task<ImportDesk> OpenAsync(PostgresFixture postgres) => new(await TestFolder.CreateAsync("import"), await CatalogDesk.OpenAsync(postgres));

    public string PathOf(string name) => Path.Combine(_folder.Path, name);

    public async Task<ImportReport> ImportAsync(string name, ElementKind? kind = null)
    {
        var file = await ImportFile.OpenAsync(PathOf(name), null, TimeProvider.System, TestContext.Current.CancellationToken);
        var import = new FileImport(Catalog.Writer, new(Catalog.Database, TimeProvider.System), TimeProvider.System);
        return await import.RunAsync(file, kind, null, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Catalog.DisposeAsync();
        await _folder.DisposeAsync();
    }
}
