namespace ModelAtlas.Ingest.Downloads;

/// <summary>What is done with a model once its files are here, before it counts as ready.</summary>
public delegate Task ModelPreparation(ShelvedModel model, IProgress<PullProgress> progress, CancellationToken cancellationToken);
