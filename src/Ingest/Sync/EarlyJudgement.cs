using System.Runtime.CompilerServices;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.Judging;

namespace ModelAtlas.Ingest.Sync;

/// <summary>What a row comes to by itself.</summary>
/// <param name="Whole">The judgement, where neither bases nor datasets have a say in it.</param>
internal sealed record EarlyJudgement(OwnEvidence Own, Assessment? Whole);

/// <summary>Judges the rows of one source ahead of the writer, on any number of threads. Rows that say the same share what comes of it.</summary>
internal sealed class EarlyJudge(DateTime observedAt)
{
    private readonly RowMemory _memory = new();
    private readonly ConditionalWeakTable<EvidenceSet, EarlyJudgement> _judged = [];

    /// <summary>False while the source says what is known: then there is nothing to judge.</summary>
    public bool IsWorthwhile { get; set; } = true;

    public void Judge(IncomingModel incoming)
    {
        if (!IsWorthwhile) return;
        try
        {
            if (incoming.Card is not null) incoming.Early = Read(incoming);
            else if (incoming.At == observedAt && _judged.TryGetValue(_memory.Read(incoming.Model, _ => Keep(Read(incoming))), out var judged)) incoming.Early = judged;
        }
        catch (UnwritableException)
        {
            // The writer meets it again, and sets the row aside.
        }
    }

    private static EarlyJudgement Read(IncomingModel incoming)
    {
        var own = Assessment.Read(incoming.Observation, incoming.Card?.Text);
        return new(own, Assessment.Alone(incoming.Model.Id, own));
    }

    private EvidenceSet Keep(EarlyJudgement judged)
    {
        var key = new EvidenceSet(judged.Own.Items);
        _judged.Add(key, judged);
        return key;
    }
}
