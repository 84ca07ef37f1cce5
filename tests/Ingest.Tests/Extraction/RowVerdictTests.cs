using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Tests.Extraction;

/// <summary>What a list row alone can and cannot decide.</summary>
public sealed class RowVerdictTests
{
    private static readonly DateTimeOffset Seen = new(2024, 7, 11, 0, 0, 0, TimeSpan.Zero);

    private static Verdict Judge(params string[] tags) =>
        Classifier.Classify(EvidenceExtractor.Read(new HubModel { Id = "maker/model", Tags = tags }, Seen));

    [Theory]
    [InlineData(null, Basis.NotEstablished, "region:us")]
    [InlineData(Openness.OpenWeights, Basis.NotEstablished, "transformers", "pytorch")]
    [InlineData(Openness.OpenWeights, Basis.NotEstablished, "transformers", "pytorch", "license:apache-2.0")]
    [InlineData(Openness.OpenSource, Basis.Claimed, "transformers", "pytorch", "license:apache-2.0", "dataset:maker/corpus")]
    [InlineData(Openness.OpenWeights, Basis.NotEstablished, "transformers", "pytorch", "license:apache-2.0", "dataset:imagefolder")]
    [InlineData(Openness.OpenWeights, Basis.NotEstablished, "transformers", "pytorch", "license:apache-2.0", "dataset:maker/corpus", "base_model:other/base")]
    [InlineData(Openness.OpenWeights, Basis.Claimed, "transformers", "pytorch", "license:cc-by-nc-4.0", "dataset:maker/corpus")]
    [InlineData(Openness.OpenWeights, Basis.Claimed, "transformers", "pytorch", "license:cc-by-nc-4.0", "license:apache-2.0", "dataset:maker/corpus")]
    [InlineData(Openness.OpenWeights, Basis.Claimed, "transformers", "pytorch", "license:llama3", "dataset:maker/corpus")]
    public void A_list_row_gets_the_class_that_its_tags_support(Openness? openness, Basis basis, params string[] tags)
    {
        var verdict = Judge(tags);
        Assert.Equal((openness, basis), (verdict.Class, verdict.Basis));
        Assert.NotEmpty(verdict.Reasons);
    }
}
