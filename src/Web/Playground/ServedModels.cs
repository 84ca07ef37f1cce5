using ModelAtlas.Ingest.Downloads;

namespace ModelAtlas.Web.Playground;

/// <summary>The models that can be asked here: the one that comes with the program first, then those on the shelf.</summary>
internal sealed class ServedModels(ModelShelf shelf)
{
    public IReadOnlyList<ServedModel> List() => [.. BuiltIn() is { } own ? [own] : Array.Empty<ServedModel>(), .. shelf.List().Select(Of)];

    /// <summary>By its id, or by the last part of it where that is enough.</summary>
    public ServedModel? Find(string name) => BuiltIn() is { } own && IsNamed(own.Id, name) ? own : shelf.Find(name) is { } model ? Of(model) : null;

    private static ServedModel? BuiltIn() => null;

    private static ServedModel Of(ShelvedModel model) => new(model.Manifest.Id, model.Folder, model.Manifest.FetchedAt, model.Manifest.Bytes) { Revision = model.Manifest.Commit };

    private static bool IsNamed(string id, string name) => string.Equals(id, name, StringComparison.OrdinalIgnoreCase) || id.EndsWith("/" + name, StringComparison.OrdinalIgnoreCase);
}
