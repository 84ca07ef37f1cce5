using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Judging;

namespace ModelAtlas.Ingest.Tests.Bundled;

/// <summary>What a derived model is judged by, where its base is in no file.</summary>
public class KnownBasesTests
{
    [Theory]
    [InlineData("FacebookAI/roberta-base", Level.Described)]
    [InlineData("google-bert/bert-base-cased", Level.Described)]
    [InlineData("EleutherAI/pythia-160m", Level.Open)]
    [InlineData("bigcode/starcoder2-3b", Level.Described)]
    [InlineData("allenai/longformer-base-4096", Level.Described)]
    [InlineData("google/flan-t5-large", Level.Described)]
    [InlineData("stabilityai/stable-diffusion-xl-base-1.0", Level.None)]
    [InlineData("meta-llama/Llama-2-7b-hf", Level.None)]
    [InlineData("codellama/CodeLlama-7b-Instruct-hf", Level.None)]
    [InlineData("unsloth/llama-3-8b-bnb-4bit", Level.None)]
    public void A_base_that_many_name_tells_what_it_was_trained_on(string id, string level) => Assert.Equal(level, BundledRows.Of(id).Verdict.Axes.Data);

    [Fact]
    public void A_fact_read_by_a_person_has_the_page_that_says_it_and_few_of_its_words()
    {
        var byHand = BundledRows.Models.SelectMany(model => model.Cited ?? []).Where(item => item.Extractor == "by-hand" && item.Source != "card").ToList();
        Assert.True(byHand.Count >= 250, $"{byHand.Count} facts");
        Assert.All(byHand, item =>
        {
            Assert.True(item.IsCited(), item.Source);
            Assert.NotNull(item.Locator);
            Assert.True(item.Quote is null || item.Quote.Length <= 140, item.Quote);
        });
    }

    [Theory]
    [InlineData("gpt2", "openai-community/gpt2")]
    [InlineData("bert-base-uncased", "google-bert/bert-base-uncased")]
    [InlineData("t5-small", "google-t5/t5-small")]
    [InlineData("roberta-base", "FacebookAI/roberta-base")]
    [InlineData("xlm-roberta-large", "FacebookAI/xlm-roberta-large")]
    [InlineData("distilroberta-base", "distilbert/distilroberta-base")]
    public void A_base_is_found_by_the_id_it_had_before_every_repository_got_an_owner(string named, string id) => Assert.Equal(id, new KnownModels([]).Find(named)?.Id);

    [Fact]
    public void Somebodys_copy_does_not_stand_in_for_a_base_without_owner() =>
        Assert.Equal("google-bert/bert-base-uncased", new KnownModels([new("someone/bert-base-uncased", EvidenceSet.Empty)]).Find("bert-base-uncased")?.Id);

    [Fact]
    public void A_row_of_the_file_comes_before_the_bundled_one() =>
        Assert.Equal("gpt2", new KnownModels([new KnownModel("gpt2", EvidenceSet.Empty)]).Find("gpt2")?.Id);
}
