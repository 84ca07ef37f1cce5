using ModelAtlas.Ingest.Downloads;

namespace ModelAtlas.Web.Playground.Shelf;

/// <summary>Measures what the conversion of one model costs; what is known already is not measured again.</summary>
internal sealed class MeasureLossJob(ModelShelf shelf, Conversions conversions)
{
    public async Task RunAsync(string repoId, CancellationToken cancellationToken)
    {
        if (shelf.Find(repoId) is { } model) await conversions.MeasureAsync(model, cancellationToken);
    }
}
