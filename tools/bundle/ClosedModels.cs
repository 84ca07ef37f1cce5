using System.IO.Compression;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.ModelsDev;

namespace ModelAtlas.Bundle;

/// <summary>Models that are offered as a service only, from a copy of models.dev's list, each with the page of its maker that offers it.</summary>
internal static class ClosedModels
{
    private const string Day = "2026-07-02";

    public static IEnumerable<HubModel> Read(string path)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var json = new MemoryStream();
        file.CopyTo(json);
        var list = ModelsDevReader.Read(json.ToArray());
        if (list.Unreadable is [var first, ..]) throw new InvalidDataException($"{path}: {first.Position}: {first.Reason}");
        var observed = CatalogueFiles.Day(Day);
        return list.Models.Select(model => model with
        {
            Atlas = new(observed, [$"models.dev api.json, {Day}", .. (model.Atlas?.Sources ?? []).Skip(1)], "service"),
            Cited = [.. (model.Cited ?? []).Select(item => item with { ObservedAt = observed })],
        });
    }
}
