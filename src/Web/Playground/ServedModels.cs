using ModelAtlas.Inference.BuiltIn;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Web.Playground.Remote;

namespace ModelAtlas.Web.Playground;

/// <summary>The models that can be asked here: the one that comes with the program first, then those on the shelf, then those of other hosts.</summary>
internal sealed class ServedModels(ModelShelf shelf, RemoteModels remote)
{
    public async Task<IReadOnlyList<ServedModel>> ListAsync(CancellationToken cancellationToken) =>
        [.. BuiltIn() is { } own ? [own] : Array.Empty<ServedModel>(), .. shelf.List().Select(Of), .. await remote.ListAsync(cancellationToken)];

    /// <summary>By its id, or by the last part of it where that is enough.</summary>
    public async Task<ServedModel?> FindAsync(string name, CancellationToken cancellationToken) =>
        BuiltIn() is { } own && IsNamed(own.Id, name) ? own
        : shelf.Find(name) is { } model ? Of(model)
        : await remote.FindAsync(name, cancellationToken);

    private static ServedModel? BuiltIn() =>
        BuiltInModel.IsThere ? new(BuiltInModel.Id, BuiltInModel.Folder, File.GetLastWriteTimeUtc(Path.Combine(BuiltInModel.Folder, "config.json")), BuiltInModel.Bytes) : null;

    private static ServedModel Of(ShelvedModel model) => new(model.Manifest.Id, model.Folder, model.Manifest.FetchedAt, model.Manifest.Bytes) { Revision = model.Manifest.Commit };

    private static bool IsNamed(string id, string name) => string.Equals(id, name, StringComparison.OrdinalIgnoreCase) || id.EndsWith("/" + name, StringComparison.OrdinalIgnoreCase);
}
