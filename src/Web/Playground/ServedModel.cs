using ModelAtlas.Web.Playground.Remote;

namespace ModelAtlas.Web.Playground;

/// <summary>A model that can be asked here.</summary>
/// <param name="Id">As its requests name it.</param>
/// <param name="Folder">Where it lies on this machine; empty for one of another host.</param>
public sealed record ServedModel(string Id, string Folder, DateTimeOffset Since, long Bytes)
{
    /// <summary>Commit that it was fetched at; null for the one that comes with the program.</summary>
    public string? Revision { get; init; }

    public bool IsBuiltIn => Revision is null && Remote is null;

    /// <summary>Where it runs when not here.</summary>
    internal RemoteModel? Remote { get; init; }
}
