using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Bundle;

/// <summary>What one source said about one model.</summary>
/// <param name="Source">Public name of the source, with its date.</param>
/// <param name="Card">The card's whole text, where the source is a card. It is read for evidence and never shipped.</param>
internal sealed record SourceRow(string Source, Observation Said, string? Card = null);
