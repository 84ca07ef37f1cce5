using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Judging;

/// <summary>Datasets by id, to tell one that can be downloaded from a name.</summary>
internal sealed class DatasetShelf
{
    private readonly Dictionary<string, HubDataset> _datasets = new(StringComparer.OrdinalIgnoreCase);

    public bool IsEmpty => _datasets.Count == 0;

    public HubDataset? Find(string id) => _datasets.GetValueOrDefault(id);

    public void Add(string path, UnreadLines unread)
    {
        List<string> issues = [];
        foreach (var line in ObjectFile.Read(path))
        {
            if (!line.TooLong && HubDatasetReader.TryRead(line.Bytes, out var dataset, issues, out _)) _datasets[dataset.Id] = dataset;
            else unread.Add(line, "is no dataset row");
            issues.Clear();
        }
    }
}
