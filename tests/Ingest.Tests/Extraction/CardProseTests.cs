using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Tests.Extraction;

/// <summary>What a sentence of a card is evidence of, and what it is not.</summary>
public sealed class CardProseTests
{
    private static readonly DateTimeOffset Seen = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static List<EvidenceItem> Read(string card, Axis axis) => [.. CardEvidence.Read(card, "maker/kestrel-7b", null, Seen).Prose.Where(item => item.Axis == axis)];

    private static string Card(string text, string section = "Model description") => $"# A model\n\n## {section}\n\n{text}\n";

    [Theory]
    [InlineData("This is a fine-tuned version of acme/origin-7b on our data.", "acme/origin-7b")]
    [InlineData("It was finetuned from [Origin 7B](https://huggingface.co/acme/origin-7b-base).", "acme/origin-7b-base")]
    [InlineData("- **Finetuned from model:** [CodeOrigin-70B]", "CodeOrigin-70B")]
    [InlineData("- **Parent Models:** [acme/eye-400m](https://huggingface.co/acme/eye-400m) and [zeta/tongue-7B](https://huggingface.co/zeta/tongue-7B)", "acme/eye-400m", "zeta/tongue-7B")]
    [InlineData("A merge of Origin-7B, Other-13B and Third-7B-v0.2", "Origin-7B", "Other-13B", "Third-7B-v0.2")]
    [InlineData("We used our own pairs to fine-tune Origin-13B.", "Origin-13B")]
    [InlineData("This is the fine-tuned StarWriter model.", "StarWriter")]
    [InlineData("It is an extension of Origin-7B-v0.1 with a longer context.", "Origin-7B-v0.1")]
    [InlineData("Quantized from Origin-7B to fp16 weights.", "Origin-7B")]
    [InlineData("It was trained on the same data as Origin-2B.", "Origin-2B")]
    [InlineData("This repository contains the transformers compatible `origin-2.8b`.", "origin-2.8b")]
    public void A_base_is_read_where_the_sentence_says_that_the_model_came_from_it(string text, params string[] bases) =>
        Assert.Equal(bases, Read(Card(text), Axis.Base).Select(item => item.Quote));

    [Theory]
    [InlineData("Kestrel-7B was trained from scratch on 80 A100 GPUs.")] // its own name
    [InlineData("The weights were converted to fp16.")]
    [InlineData("It is based on the Origin-7B architecture.")]
    [InlineData("See the hub to look for fine-tuned versions.")]
    [InlineData("You can fine-tune Origin-7B on your own data.")]
    [InlineData("Compared with models fine-tuned from Origin, it is better in zero-shot and fine-tuned settings.")]
    [InlineData("Example (en): this model is a fine-tuned version of Origin-7B.")]
    public void And_not_where_it_speaks_of_something_else(string text) => Assert.DoesNotContain(Read(Card(text), Axis.Base), item => item is { Strength: Strength.Claimed, Quote: not null });

    [Fact]
    public void A_name_without_a_number_is_only_inferred() =>
        Assert.Equal(Strength.Inferred, Assert.Single(Read(Card("This is the fine-tuned StarWriter model."), Axis.Base)).Strength);

    [Theory]
    [InlineData("The model was pretrained on RefinedWeb and The Pile.", "RefinedWeb, The Pile")]
    [InlineData("This model trains on a dataset of question-answer pairs from StackExchange.", "StackExchange")]
    [InlineData("We trained it on the [Condor corpus](https://huggingface.co/datasets/acme/condor).", "acme/condor")]
    [InlineData("本模型在 Condor数据集 上训练而来。", "Condor")]
    public void A_source_that_a_reader_could_find_is_data_described(string text, string quoted)
    {
        var item = Assert.Single(Read(Card(text, "Training"), Axis.Data));
        Assert.Equal(Level.Described, item.State);
        Assert.StartsWith(quoted, item.Quote, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("It was trained on a large, diverse and high-quality dataset of web documents.", "Training")]
    [InlineData("Curating high quality datasets enables incredible performance.", "Training")]
    [InlineData("You can fine-tune it on UltraChat.", "How to use")]
    [InlineData("It was evaluated on SQuAD and outperforms others on Wikipedia.", "Evaluation")]
    public void Categories_advice_and_tests_are_not(string text, string section) => Assert.DoesNotContain(Read(Card(text, section), Axis.Data), item => item.State == Level.Described);

    [Theory]
    [InlineData("It was trained on RefinedWeb and a proprietary dataset.")]
    [InlineData("该模型在内部数据集上训练而来。")]
    public void Admitted_secret_data_are_told(string text) => Assert.Contains(Read(Card(text, "Training"), Axis.Data), item => item.Extractor == ReadBy.Undisclosed);

    [Fact]
    public void A_card_that_describes_its_model_and_names_no_source_says_none_and_a_stub_says_nothing()
    {
        var sentence = string.Concat(Enumerable.Repeat("The model is a large network with many layers that writes text in several languages and answers questions. ", 6));
        Assert.Equal(Level.None, Assert.Single(Read(Card(sentence), Axis.Data)).State);
        Assert.Empty(Read(Card(sentence, "Usage"), Axis.Data));
        Assert.Empty(Read("# A model\n\nMore information needed\n", Axis.Data));
    }

    [Theory]
    [InlineData("The model is released under the Apache 2.0 license.", "apache-2.0")]
    [InlineData("License: MIT", "mit")]
    [InlineData("Use of this model is governed by the Llama 3 Community License.", "llama3")]
    [InlineData("The weights are distributed under CC BY-NC 4.0.", "cc-by-nc-4.0")]
    public void A_licence_is_read_where_the_sentence_puts_the_model_under_it(string text, string license) =>
        Assert.Equal(license, Assert.Single(Read(Card(text), Axis.License), item => item.Extractor == ReadBy.LicenseProse).State);

    [Theory]
    [InlineData("The code is released under the MIT license.")]
    [InlineData("The trained weight is realigned for compatibility with llama.")]
    [InlineData("With Llama 3 released, it is time for this model to fade away.")]
    [InlineData("We compare the model with SVD.")]
    [InlineData("The weights are used under the [Model License](MODEL_LICENSE).")]
    [InlineData("The outputs it was trained on are subject to OpenAI's terms of service.")]
    public void A_family_name_or_the_licence_of_something_else_is_none(string text) =>
        Assert.DoesNotContain(Read(Card(text), Axis.License), item => item.Extractor == ReadBy.LicenseProse);

    [Theory]
    [InlineData("Kestrel-7B-Distill-Qwen-14B is derived from Qwen-14B.", true)]
    [InlineData("- **Kestrel-13B-v1.1** was trained from Other-33b-base.", true)]
    [InlineData("Kestrel-7B is derived from Origin-7B.", false)]
    [InlineData("Kestrel-7B-v1.0 is derived from Origin-7B.", false)]
    [InlineData("Kestrel-7B-β is a fine-tuned version of Origin-7B.", false)]
    [InlineData("Zebra-12B is derived from Origin-12B.", false)] // a name in prose need not be that of the repository
    public void A_sentence_about_a_relative_is_not_about_the_model(string text, bool relative) =>
        Assert.Equal(relative, Read(Card(text), Axis.Base).Count == 0);

    [Fact]
    public void Datasets_of_instructions_alone_mean_that_something_was_tuned()
    {
        var found = EvidenceExtractor.Read(new HubModel { Id = "maker/model", Tags = ["dataset:tatsu-lab/alpaca", "dataset:Open-Orca/SlimOrca"] }, Seen);
        Assert.Contains(found.Items, item => item is { Axis: Axis.Base, Quote: null });
        var mixed = EvidenceExtractor.Read(new HubModel { Id = "maker/model", Tags = ["dataset:tatsu-lab/alpaca", "dataset:allenai/c4"] }, Seen);
        Assert.DoesNotContain(mixed.Items, item => item.Axis == Axis.Base);
    }
}
