using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Ingest.Judging;

/// <summary>
/// The evidence of one or more rows, and what comes of it for all of them. That of a plain list row is read from its words whenever it is asked for:
/// held from the reading to the judging, forty thousand sets would cost the collector more than the second reading of a few.
/// </summary>
/// <param name="read">Gives the evidence.</param>
internal sealed class SharedEvidence(Func<EvidenceSet> read)
{
    public SharedEvidence(EvidenceSet own)
        : this(() => own)
    {
    }

    public EvidenceSet Own => read();

    /// <summary>How many rows say just this.</summary>
    public int Rows { get; set; }

    /// <summary>The verdict as a line without its id, of evidence that names no base; null as long as nobody has asked.</summary>
    public byte[]? Line { get; set; }

    /// <summary>With what bases give; null as long as nobody has asked, or where it is not the same for every row.</summary>
    public EvidenceSet? WithBases { get; set; }

    /// <summary>The verdict on <see cref="WithBases"/> as a line without its id; null as long as nobody has asked.</summary>
    public byte[]? LineWithBases { get; set; }
}
