using System.Buffers;
using System.Collections.Concurrent;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Judging;

/// <summary>
/// Most rows of a list say the same few things: a library, a task, a licence. Rows that agree in every word the extractor reads share one evidence set,
/// which saves nine tenths of the work and of the memory.
/// </summary>
internal sealed class RowMemory
{
    /// <summary>A file in which no two rows agree must not be kept twice.</summary>
    private const int MostSets = 200_000;

    private readonly ConcurrentDictionary<string, EvidenceSet> _sets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, EvidenceSet>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private int _kept; // the dictionary's own count takes all its locks

    public RowMemory() => _lookup = _sets.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The model of a plain list row whose words another row had already; null where the row has to be read.</summary>
    public KnownModel? Recall(ReadOnlySpan<byte> json)
    {
        var words = ArrayPool<char>.Shared.Rent(4096);
        var recalled = ListRow.Read(json, words, out var length) is { } id && _lookup.TryGetValue(words.AsSpan(0, length), out var known) ? new KnownModel(id, known) : null;
        ArrayPool<char>.Shared.Return(words);
        return recalled;
    }

    public EvidenceSet Read(HubModel model, Func<HubModel, EvidenceSet> extract)
    {
        if (!IsListRow(model)) return extract(model);
        var words = ArrayPool<char>.Shared.Rent(4096);
        try
        {
            if (Words(model, words) is not { } length) return extract(model);
            var key = words.AsSpan(0, length);
            if (_lookup.TryGetValue(key, out var known)) return known;
            var found = extract(model);
            if (_kept < MostSets && _lookup.TryAdd(key, found)) Interlocked.Increment(ref _kept);
            return found;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(words);
        }
    }

    /// <summary>True where tags, library and task are all there is.</summary>
    private static bool IsListRow(HubModel model) => model is
    {
        Sha: null, CardData: null, Siblings: null, Safetensors: null, Gguf: null, BaseModels: null, Cited: null, Atlas: null,
        Gated: null, Private: not true, Disabled: not true, Removed: not true,
    };

    /// <summary>Every word that evidence may come from, in order; null when they do not fit.</summary>
    private static int? Words(HubModel model, Span<char> words)
    {
        var length = 0;
        foreach (var tag in model.Tags ?? [])
        {
            if (!RowEvidence.Reads(tag)) continue;
            if (tag.StartsWith("base_model:", StringComparison.Ordinal) && tag.EndsWith(model.Id, StringComparison.OrdinalIgnoreCase)) return null; // a model that names itself
            if (!Append(words, ref length, tag)) return null;
        }
        return Append(words, ref length, model.LibraryName ?? "") && Append(words, ref length, model.PipelineTag ?? "") ? length : null;
    }

    private static bool Append(Span<char> words, ref int length, string word)
    {
        if (word.Contains('\n', StringComparison.Ordinal) || !word.AsSpan().TryCopyTo(words[length..])) return false;
        length += word.Length;
        if (length == words.Length) return false;
        words[length++] = '\n';
        return true;
    }
}
