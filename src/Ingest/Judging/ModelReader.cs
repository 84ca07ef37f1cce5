using System.Text;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Judging;

/// <summary>Reads rows into evidence, with whatever is at hand beside them: cards, datasets, files of repositories.</summary>
internal sealed class ModelReader
{
    private readonly DateTimeOffset _observedAt;
    private readonly UnreadLines _unread;
    private readonly CardShelf _cards = new();
    private readonly DatasetShelf _datasets = new();
    private readonly RepoFolder _folder;
    private readonly RowMemory _rows;

    public ModelReader(JudgedFiles files, UnreadLines unread)
    {
        (_observedAt, _unread, _folder) = (files.ObservedAt, unread, new(files.Folder));
        foreach (var path in files.Cards) _cards.Add(path, unread);
        foreach (var path in files.Datasets) _datasets.Add(path, unread);
        _rows = new(model => Extract(model, card: null, texts: []));
    }

    public RowList Read(LineBlock block)
    {
        RowList rows = [];
        if (block.IsTooLong) _unread.Add(block.File, block.Before + 1, "is too long");
        var (at, number) = (0, block.Before);
        while (block.Next(ref at, ref number, out var line))
        {
            if (_rows.Read(line, out var id) is { } shared && IsAlone(id)) rows.Add(id, shared);
            else if (HubModelReader.TryRead(line, trusted: false, out var model, [], out var reason)) rows.Add(model.Id, Read(model));
            else _unread.Add(block.File, number, $"is no model row: {reason}");
        }
        block.Return();
        return rows;
    }

    /// <summary>True when nothing is at hand beside the row.</summary>
    private bool IsAlone(ReadOnlySpan<byte> id) => (_cards.IsEmpty && _folder.IsEmpty) || IsAlone(Encoding.UTF8.GetString(id));

    private bool IsAlone(string id) => _cards.Find(id) is null && !_folder.Holds(id);

    private EvidenceSet Read(HubModel model)
    {
        if (model.Siblings is null && _folder.Names(model.Id).Where(WeightFiles.Holds).ToList() is [_, ..] weights) model = model with { Siblings = [.. weights.Select(path => new HubFile(path))] };
        return Extract(model, _cards.Find(model.Id) ?? _folder.Card(model.Id), _folder.Texts(model.Id));
    }

    private EvidenceSet Extract(HubModel model, string? card, IReadOnlyList<RepoText> texts) => EvidenceExtractor.Read(new ModelSources(model, _observedAt)
    {
        Card = card,
        Files = texts,
        Datasets = _datasets.IsEmpty ? null : _datasets.Find,
    });
}
