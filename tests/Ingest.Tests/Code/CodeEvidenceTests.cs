using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Ingest.Code;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing;

namespace ModelAtlas.Ingest.Tests.Code;

public sealed class CodeEvidenceTests
{
    private const string Card = "---\nlicense: mit\n---\n# Kestrel\n\nThe code is published at https://github.com/acme/kestrel.\n";

    [Theory]
    [InlineData("train.py", true)]
    [InlineData("scripts/pretrain_gpt.sh", true)]
    [InlineData("examples/run_clm.py", true)]
    [InlineData("finetune/finetune_lora.py", true)]
    [InlineData("src/train_tokenizer.py", false)]
    [InlineData("tests/train_test.py", false)]
    [InlineData("src/model.py", false)]
    [InlineData("constrain.py", false)]
    public void Programs_that_train_are_known_by_their_names(string path, bool trains) =>
        Assert.Equal(trains, CodeEvidence.Read(Repository(null, path)).Any(item => item.Axis == Axis.CodeTraining));

    [Fact]
    public void Code_that_was_seen_counts_as_read()
    {
        var item = Assert.Single(CodeEvidence.Read(Repository(null, "src/model.py")));
        Assert.Equal((Axis.CodeInference, Level.Open, "code:https://github.com/acme/kestrel", Strength.Read), (item.Axis, item.State, item.Source, item.Strength));
    }

    [Fact]
    public void Code_for_research_only_beside_weights_under_an_open_licence_is_a_conflict_and_governs_nothing()
    {
        var text = SharedData.Find("licenses/texts/cc-by-nc-4.0.txt");
        Assert.SkipWhen(text is null, SharedData.SkipMessage("licenses/texts/cc-by-nc-4.0.txt"));
        var found = Own().WithCode(_ => Repository(File.ReadAllText(text), "src/model.py")).With(null);
        var verdict = Classifier.Classify(found);
        Assert.Equal("mit", verdict.License.Effective);
        Assert.Contains(verdict.License.Conflicts, conflict => conflict.Contains("The code repository https://github.com/acme/kestrel is under", StringComparison.Ordinal));
        var claim = Assert.Single(LicenseClaim.All(found), claim => claim.Source == "code");
        Assert.Equal(("cc-by-nc-4.0", LicenseClass.NonCommercial, false), (claim.LicenseId, claim.Class, claim.Governs));
    }

    [Fact]
    public void A_licence_text_that_is_none_says_nothing() =>
        Assert.DoesNotContain(CodeEvidence.Read(Repository("You may do what we like.", "src/model.py")), item => item.Axis == Axis.License);

    private static OwnEvidence Own() => EvidenceExtractor.ReadOwn(new(new HubModel { Id = "acme/kestrel", Tags = ["safetensors", "license:mit"] }, DateTimeOffset.UnixEpoch) { Card = Card });

    private static CodeRepository Repository(string? license, params string[] paths) =>
        new() { Url = "https://github.com/acme/kestrel", LicensePath = license is null ? null : "LICENSE", LicenseText = license, Paths = paths };
}
