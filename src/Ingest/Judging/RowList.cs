using System.Buffers;
using System.Collections;
using System.Text;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;

namespace ModelAtlas.Ingest.Judging;

/// <summary>Ids and evidence of models in the order they came. Half a million rows stand in a few large arrays: as objects of their own they would keep the collector busier than the judging keeps the processor.</summary>
internal sealed class RowList : IEnumerable<KnownModel>
{
    private readonly ArrayBufferWriter<byte> _letters = new();
    private readonly List<int> _ends = [];
    private readonly List<SharedEvidence> _evidence = [];

    public int Count => _ends.Count;

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Id(int row) => _letters.WrittenSpan[(row == 0 ? 0 : _ends[row - 1]).._ends[row]];

    public string IdText(int row) => Encoding.UTF8.GetString(Id(row));

    public SharedEvidence Evidence(int row) => _evidence[row];

    public KnownModel Model(int row) => new(IdText(row), _evidence[row].Own);

    public void Add(KnownModel model) => Add(Encoding.UTF8.GetBytes(model.Id), new SharedEvidence(model.Evidence));

    public void Add(string id, EvidenceSet evidence) => Add(Encoding.UTF8.GetBytes(id), new SharedEvidence(evidence));

    public void Add(ReadOnlySpan<byte> id, SharedEvidence evidence)
    {
        _letters.Write(id);
        _ends.Add(_letters.WrittenCount);
        _evidence.Add(evidence);
    }

    public void AddAll(RowList rows)
    {
        var before = _letters.WrittenCount;
        _letters.Write(rows._letters.WrittenSpan);
        foreach (var end in rows._ends) _ends.Add(before + end);
        _evidence.AddRange(rows._evidence);
        foreach (var evidence in rows._evidence) evidence.Rows++;
    }

    public IEnumerator<KnownModel> GetEnumerator() => Enumerable.Range(0, Count).Select(Model).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
