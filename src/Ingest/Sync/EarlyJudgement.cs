using System.Collections.Concurrent;
using System.Text;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>What a row comes to by itself.</summary>
/// <param name="Whole">The judgement, where neither bases nor datasets nor code have a say in it.</param>
internal sealed record EarlyJudgement(OwnEvidence Own, Assessment? Whole);

/// <summary>Judges the rows of one source ahead of the writer, on any number of threads. Rows of a list that agree in every word which evidence comes from share what comes of it.</summary>
internal sealed class EarlyJudge(DateTime observedAt)
{
    /// <summary>A file in which no two rows agree must not be kept twice.</summary>
    private const int Most = 200_000;

    private readonly ConcurrentDictionary<string, EarlyJudgement> _judged = new(StringComparer.Ordinal);
    private int _kept; // the dictionary's own count takes all its locks

    /// <summary>False while the source says what is known: then there is nothing to judge.</summary>
    public bool IsWorthwhile { get; set; } = true;

    public void Judge(IncomingModel incoming)
    {
        if (!IsWorthwhile) return;
        try
        {
            incoming.Early = Words(incoming) is { } words ? Shared(words, incoming) : Read(incoming);
        }
        catch (UnwritableException)
        {
            // The writer meets it again, and sets the row aside.
        }
    }

    private EarlyJudgement Shared(string words, IncomingModel incoming)
    {
        if (_judged.TryGetValue(words, out var known)) return known;
        var read = Read(incoming);
        if (_kept >= Most) return read;
        if (_judged.TryAdd(words, read)) Interlocked.Increment(ref _kept);
        return _judged[words];
    }

    private static EarlyJudgement Read(IncomingModel incoming)
    {
        var own = Assessment.Read(incoming.Observation, incoming.Card?.Text, incoming.Card?.License);
        return new(own, Assessment.Alone(incoming.Model.Id, own));
    }

    /// <summary>Every word that evidence may come from, in order; null for a row that says more than a list does, or speaks of itself.</summary>
    private string? Words(IncomingModel incoming)
    {
        if (incoming.Card is not null || incoming.At != observedAt || !IsListRow(incoming.Model)) return null;
        var words = new StringBuilder();
        foreach (var tag in incoming.Model.Tags ?? [])
        {
            if (!RowEvidence.Reads(tag)) continue;
            if (tag.StartsWith("base_model:", StringComparison.Ordinal) && tag.EndsWith(incoming.Model.Id, StringComparison.OrdinalIgnoreCase)) return null;
            words.Append(tag).Append('\n');
        }
        return words.Append(incoming.Model.LibraryName).Append('\n').Append(incoming.Model.PipelineTag).ToString();
    }

    private static bool IsListRow(HubModel model) => model is
    {
        Sha: null, CardData: null, Siblings: null, Safetensors: null, Gguf: null, BaseModels: null, Cited: null, Atlas: null, Architectures: null, ModelType: null, Other: null,
        Gated: null, Private: not true, Disabled: not true, Removed: not true, Withdrawn: not true,
    };
}
