namespace ModelAtlas.Ingest.Downloads;

/// <param name="Folder">What <c>run</c> and the others open.</param>
public sealed record ShelvedModel(ShelfManifest Manifest, string Folder)
{
    /// <summary>Null when every file is as it was fetched, else one sentence. A file that was written to since is read and hashed again.</summary>
    public async Task<string?> FaultAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in ModelShelf.Below(Folder))
        {
            if (entry.LinkTarget is not null) return $"{entry.FullName} is a link, which nothing here fetched: remove it.";
            if (entry is FileInfo && !PartFile.IsPart(entry.Name) && !Manifest.Files.Any(known => Path.Combine(Folder, known.Path) == entry.FullName)) return $"{entry.FullName} was not fetched with the model: remove it.";
        }
        foreach (var file in Manifest.Files)
            if (!await file.IsWholeAsync(Folder, cancellationToken)) return $"{Path.Combine(Folder, file.Path)} is not as it was fetched: ./atlas pull {Manifest.Id} mends it.";
        return null;
    }
}
