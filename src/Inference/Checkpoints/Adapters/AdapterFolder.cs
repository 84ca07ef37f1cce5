namespace ModelAtlas.Inference.Checkpoints.Adapters;

/// <summary>What a folder says of itself before anything of it is read.</summary>
public static class AdapterFolder
{
    /// <summary>The model that a folder's adapter was made for, as it names it; null where the folder holds no adapter, or one that is silent.</summary>
    /// <exception cref="Models.ModelRefusedException">The adapter is of a kind that is not merged here.</exception>
    public static string? NamedBase(string folder) => Directory.Exists(folder) && AdapterSettings.Read(folder)?.Base is { Length: > 0 } name ? name : null;

    /// <summary>That model's folder, where it is one relative to the adapter's own.</summary>
    public static string? BaseBeside(string folder) => NamedBase(folder) is { } name && Path.GetFullPath(Path.Combine(folder, name)) is var path && Directory.Exists(path) ? path : null;
}
