using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;

namespace ModelAtlas.Ingest.Judging;

/// <summary>The evidence of one or more rows, and what comes of it for all of them.</summary>
internal sealed class SharedEvidence(EvidenceSet own)
{
    public EvidenceSet Own => own;

    public bool HasBases { get; } = ModelLineage.HasBases(own);

    /// <summary>How many rows say just this.</summary>
    public int Rows { get; set; }

    /// <summary>With what bases give; null as long as nobody has asked, or where it is not the same for every row.</summary>
    public EvidenceSet? WithBases { get; set; }

    /// <summary>The verdict as a line without its id; null as long as nobody has asked.</summary>
    public byte[]? Line { get; set; }
}
