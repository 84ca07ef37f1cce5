using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Checkpoints;

/// <summary>A file of weights that is a link must lead to a file of the same repository.</summary>
internal static class FolderLinks
{
    public static void Check(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is null) return;
        var folder = Real(file.Directory ?? throw new ModelRefusedException($"{path} is in no folder."));
        var target = file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo found ? Path.Combine(Real(found.Directory ?? file.Directory), found.Name) : "";
        if (Lies(target, folder) || (Cache(folder) is { } blobs && Lies(target, blobs))) return;
        throw new ModelRefusedException($"{path} is a link that leaves its folder: put the file itself there.");
    }

    /// <summary>The Hub's own cache keeps a snapshot's files as links into the folder "blobs" of the same repository.</summary>
    private static string? Cache(string folder) =>
        Path.GetDirectoryName(folder) is { } snapshots && Path.GetFileName(snapshots) == "snapshots" && Path.GetDirectoryName(snapshots) is { } repository ? Path.Combine(repository, "blobs") : null;

    private static bool Lies(string path, string folder) => string.Equals(Path.GetDirectoryName(path), folder, StringComparison.Ordinal);

    private static string Real(DirectoryInfo folder) => (folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName;
}
