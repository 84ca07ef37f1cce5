using System.Text;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Tests.HuggingFace;

public sealed class HubModelReaderTests
{
    private static readonly string Long = new('x', 300);

    [Fact]
    public void A_list_row_of_2024_is_read_in_every_field()
    {
        var model = Read("""
            {"_id":"65a0b0dcfbad78ab68ffc4b0","id":"maker/thing","likes":3,"private":false,"downloads":8,"tags":["transformers","license:mit","region:us"],
             "pipeline_tag":"text-generation","library_name":"transformers","createdAt":"2024-01-12T03:24:12.000Z","modelId":"maker/thing"}
            """);
        Assert.Equal("65a0b0dcfbad78ab68ffc4b0", model.HubId);
        Assert.Equal("maker/thing", model.Id);
        Assert.Equal((3, 8, false), (model.Likes, model.Downloads, model.Private));
        Assert.Equal(["transformers", "license:mit", "region:us"], model.Tags);
        Assert.Equal(("text-generation", "transformers"), (model.PipelineTag, model.LibraryName));
        Assert.Equal(new DateTime(2024, 1, 12, 3, 24, 12, DateTimeKind.Utc), model.CreatedAt);
        Assert.Null(model.Gated);
        Assert.Null(model.Issues);
    }

    [Fact]
    public void The_shape_of_2022_names_the_model_by_modelId_and_says_null_where_there_is_no_task()
    {
        var model = Read("""
            {"modelId":"gpt2","sha":"f7b02944db5d99ed5c55a7a4e9225d8bdfd147b2","lastModified":"2022-01-20T12:13:34.000Z","tags":["license:???"],"pipeline_tag":null,
             "siblings":[{"rfilename":"config.json"},{"rfilename":"pytorch_model.bin"}],"config":{"architectures":["GPT2LMHeadModel"],"model_type":"gpt2"},
             "private":false,"downloads":826,"likes":0}
            """);
        Assert.Equal("gpt2", model.Id);
        Assert.Equal(["pipeline_tag"], model.Nulls);
        Assert.Equal(["config.json", "pytorch_model.bin"], model.Siblings?.Select(file => file.Path));
        Assert.Equal(["GPT2LMHeadModel"], model.Architectures);
        Assert.Equal("gpt2", model.ModelType);
    }

    [Fact]
    public void A_detail_answer_gives_card_files_weights_and_bases()
    {
        var model = Read("""
            {"_id":"6698d8a0653e4babe21e1e7d","id":"maker/thing","gated":"manual","disabled":true,"cardData":{"license":["mit","other"],"license_name":"x","base_model":"a/b",
             "language":[false,"en"],"datasets":"squad","extra_gated_prompt":"terms","widget":[1]},
             "siblings":[{"rfilename":"model.safetensors","size":12,"lfs":{"sha256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","size":99}}],
             "safetensors":{"parameters":{"BF16":7},"total":7},"gguf":{"total":9,"architecture":"llama","context_length":4096,"chat_template":"{{x}}"},
             "baseModels":{"relation":"finetune","models":[{"_id":"1","id":"a/b"},{"id":"c/d"}]},"usedStorage":15242694030,"spaces":["a/b"],"transformersInfo":{"auto_model":"x"}}
            """);
        Assert.Equal(Gating.Manual, model.Gated);
        Assert.True(model.Disabled);
        Assert.Equal(["mit", "other"], model.CardData?.License);
        Assert.Equal(["a/b"], model.CardData?.BaseModel);
        Assert.Equal(["no", "en"], model.CardData?.Language);
        Assert.Equal(["squad"], model.CardData?.Datasets);
        Assert.Equal(new HubFile("model.safetensors", 99, new string('a', 64)), Assert.Single(model.Siblings ?? []));
        Assert.Equal(7, model.Safetensors?.Total);
        Assert.Equal(new HubGguf(9, "llama", 4096), model.Gguf);
        Assert.Equal([new HubBase("a/b", "finetune"), new HubBase("c/d", "finetune")], model.BaseModels);
        Assert.Equal(["transformersInfo"], model.Other?.Keys);
    }

    [Fact]
    public void A_page_copied_without_the_api_and_a_radar_row_are_read_too()
    {
        var copied = Read("""{"_id":null,"id":"a/b","downloads":"12","likes":1,"licenses":["wtfpl"],"datasets":[{"declared":"d/e","id":"x"}],"bases":[{"declared":"f/g"}],"architectures":["X"]}""");
        Assert.Equal(12, copied.Downloads);
        Assert.Equal(["wtfpl"], copied.CardData?.License);
        Assert.Equal(["d/e"], copied.CardData?.Datasets);
        Assert.Equal(["f/g"], copied.CardData?.BaseModel);
        var radar = Read("""{"id":"a/b","gated":true,"_radar":{"removed":true,"benchmarks":[]}}""");
        Assert.Equal(Gating.Gated, radar.Gated);
        Assert.True(radar.Removed);
    }

    [Theory]
    [InlineData("false", Gating.None)]
    [InlineData("\"auto\"", Gating.Auto)]
    [InlineData("\"manual\"", Gating.Manual)]
    [InlineData("true", Gating.Gated)]
    [InlineData("\"sesame\"", Gating.Gated)]
    [InlineData("null", null)]
    [InlineData("[]", null)]
    public void Gated_is_a_union(string json, Gating? expected) => Assert.Equal(expected, Read($$"""{"id":"a/b","gated":{{json}}}""").Gated);

    [Theory]
    [InlineData("\"tags\":17", "tags: a number instead of a list")]
    [InlineData("\"cardData\":[]", "cardData: a list instead of an object")]
    [InlineData("\"likes\":{\"a\":[1,2,{}]}", "likes: an object instead of a number")]
    [InlineData("\"downloads\":-4", "downloads: below zero")]
    [InlineData("\"downloads\":1e400", "downloads: not a number this side of reason")]
    [InlineData("\"downloads\":1.5", "downloads: a fraction, rounded down")]
    [InlineData("\"downloads\":99999999999999999999", "downloads: above 1000000000000, kept as 1000000000000")]
    [InlineData("\"createdAt\":\"0001-01-01T00:00:00Z\"", "createdAt: no date between 2015 and tomorrow")]
    [InlineData("\"createdAt\":\"2016-12-31T23:59:60Z\"", "createdAt: no date between 2015 and tomorrow")]
    [InlineData("\"lastModified\":\"9999-12-31T23:59:59.9999999Z\"", "lastModified: no date between 2015 and tomorrow")]
    [InlineData("\"sha\":\"main\"", "sha: not 40 hex digits")]
    [InlineData("\"gated\":\"sesame\"", "gated: not a kind of gate that is known, taken as gated")]
    [InlineData("\"author\":\"a\\u0000b\"", "author: holds characters that no text can, shown as \uFFFD")]
    [InlineData("\"_atlas\":{\"evidence\":[]}", "_atlas: an object instead of nothing: only our own facts file may say this")]
    public void DAT_04_and_06_a_field_of_the_wrong_kind_is_left_out_with_a_sentence_and_the_row_stays(string field, string issue)
    {
        var issues = new List<string>();
        Assert.True(HubModelReader.TryRead(Encoding.UTF8.GetBytes($$"""{"id":"a/b",{{field}},"pipeline_tag":"x"}"""), trusted: false, out var model, issues, out _));
        Assert.Equal("x", model.PipelineTag);
        Assert.Equal([issue], issues);
        Assert.Equal([issue], model.Issues);
    }

    [Fact]
    public void DAT_06_dates_with_an_offset_become_utc_and_never_finer_than_microseconds()
    {
        var model = Read("""{"id":"a/b","createdAt":"2024-05-01T01:30:00+02:00","lastModified":"2024-05-01T01:30:00.1234567Z"}""");
        Assert.Equal(new DateTime(2024, 4, 30, 23, 30, 0, DateTimeKind.Utc), model.CreatedAt);
        Assert.Equal(new DateTime(2024, 5, 1, 1, 30, 0, DateTimeKind.Utc).AddTicks(1_234_560), model.LastModified);
        Assert.Equal(DateTimeKind.Utc, model.CreatedAt?.Kind);
    }

    [Theory]
    [InlineData("""{"id":"a/b","author":"x\u0000y"}""", "x\uFFFDy")]
    [InlineData("""{"id":"a/b","author":"x\ud800y"}""", "x\uFFFDy")]
    [InlineData("""{"id":"a/b","author":"x\udc00\ud83d\ude00"}""", "x\uFFFD\U0001F600")]
    [InlineData("""{"id":"a/b","author":"\ud83d\ud83d\ude00\n"}""", "\uFFFD\U0001F600")]
    public void DAT_01_and_02_zero_and_half_pairs_become_the_replacement_character(string json, string author) => Assert.Equal(author, Read(json).Author);

    [Fact]
    public void DAT_01_and_02_hold_in_keys_lists_and_unknown_fields()
    {
        var model = Read("""{"id":"a/b","tags":["x\u0000","\ud800"],"z\u0000\ud800":{"k\ud800":["v\udfff\u0000",1e131071]},"cardData":{"license":"m\u0000it"}}""");
        Assert.Equal(["x\uFFFD", "\uFFFD"], model.Tags);
        Assert.Equal(["m\uFFFDit"], model.CardData?.License);
        var (key, value) = Assert.Single(model.Other ?? new Dictionary<string, System.Text.Json.JsonElement>());
        Assert.Equal("z\uFFFD\uFFFD", key);
        Assert.Equal("""{"k\uFFFD":["v\uFFFD\uFFFD",1e131071]}""", value.GetRawText());
        Assert.True(HubModelWriter.Write(model).Length < 400);
    }

    [Fact]
    public void DAT_03_broken_utf8_is_shown_as_such_and_a_row_in_another_encoding_is_refused()
    {
        var issues = new List<string>();
        Assert.True(HubModelReader.TryRead([.. """{"id":"a/b","author":"caf"""u8, 0xE9, .. "\"}"u8], trusted: false, out var model, issues, out _));
        Assert.Equal("caf\uFFFD", model.Author);
        Assert.Single(issues);
        Assert.False(HubModelReader.TryRead(Encoding.Unicode.GetBytes("""{"id":"a/b"}"""), trusted: false, out _, issues, out var reason));
        Assert.Equal("broken JSON", reason);
    }

    [Fact]
    public void DAT_07_and_16_long_lists_and_texts_are_cut_and_say_how_long_they_were()
    {
        var tags = string.Join(',', Enumerable.Range(0, 200_000).Select(n => $"\"t{n}\"").Append("\"license:cc-by-nc-4.0\"").Prepend($"\"{Long}\""));
        var files = string.Join(',', Enumerable.Range(0, 100_001).Select(n => $$"""{"rfilename":"a/{{n}}"}""").Append("""{"rfilename":"model.safetensors","size":5}"""));
        var model = Read($$"""{"id":"a/b","tags":[{{tags}}],"siblings":[{{files}}],"author":"{{new string('y', 1_000_000)}}"}""");
        Assert.Equal(1_000, model.Tags?.Count);
        Assert.Equal(200_002, model.TagsTotal);
        Assert.Equal(256, model.Tags?[0].Length);
        Assert.Contains("license:cc-by-nc-4.0", model.Tags ?? []);
        Assert.Equal((10_000, 100_002), (model.Siblings?.Count, model.SiblingsTotal));
        Assert.Contains(new HubFile("model.safetensors", 5), model.Siblings ?? []);
        Assert.Equal(256, model.Author?.Length);
    }

    [Fact]
    public void DAT_10_a_key_given_twice_is_flagged_and_never_the_laxer_licence_or_gate()
    {
        var model = Read("""
            {"id":"a/b","gated":"manual","cardData":{"license":"cc-by-nc-4.0","license":"mit","license_name":"strict","license_name":"free"},"gated":false,
             "tags":["license:llama3"],"tags":["license:mit"],"cardData":{"license":"apache-2.0"}, "private":true,"private":false,"disabl\u0065d":true,"disabled":false}
            """);
        Assert.Equal(Gating.Manual, model.Gated);
        Assert.Equal(["cc-by-nc-4.0", "mit", "apache-2.0"], model.CardData?.License);
        Assert.Equal("strict AND free", model.CardData?.LicenseName);
        Assert.Equal(["license:llama3", "license:mit"], model.Tags);
        Assert.True(model.Private);
        Assert.True(model.Disabled);
        Assert.Contains("cardData.license: given twice", model.Issues ?? []);
        Assert.Contains("disabled: given twice", model.Issues ?? []);
    }

    [Theory]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("null", "not a JSON object")]
    [InlineData("\"a/b\"", "not a JSON object")]
    [InlineData("", "broken JSON")]
    [InlineData("{\"id\":\"a/b\"", "broken JSON")]
    [InlineData("{\"id\":\"a/b\",\"likes\":NaN}", "broken JSON")]
    [InlineData("{\"id\":\"a/b\"} // comment", "broken JSON")]
    [InlineData("{\"id\":\"a/b\"}{\"id\":\"c/d\"}", "broken JSON")]
    [InlineData("{\"error\":\"Invalid username or password.\"}", "no id")]
    [InlineData("{\"id\":17}", "no id")]
    [InlineData("{\"id\":\"  \"}", "no id")]
    [InlineData("{\"id\":\"a/b/c\"}", "id is not owner/name")]
    [InlineData("{\"id\":\"../b\"}", "id is not owner/name")]
    [InlineData("{\"id\":\"a/\"}", "id is not owner/name")]
    [InlineData("{\"id\":\"a/b c\"}", "id is not owner/name")]
    [InlineData("{\"id\":\"a/\\u0000\"}", "id is not owner/name")]
    [InlineData("{\"id\":\"a/b\",\"id\":\"a/c\"}", "two different ids")]
    public void ING_12_what_is_no_model_is_refused_with_a_reason(string json, string expected)
    {
        Assert.False(HubModelReader.TryRead(Encoding.UTF8.GetBytes(json), trusted: false, out _, [], out var reason));
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void DAT_07_an_id_too_long_is_refused()
    {
        Assert.False(HubModelReader.TryRead(Encoding.UTF8.GetBytes($$"""{"id":"a/{{Long}}"}"""), trusted: false, out _, [], out var reason));
        Assert.Equal("id of more than 256 characters", reason);
    }

    [Theory]
    [InlineData(65)]
    [InlineData(200)]
    [InlineData(20_000)]
    public void DAT_09_deep_nesting_is_refused_without_a_stack_overflow(int depth)
    {
        var json = $$"""{"id":"a/b","x":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        Assert.False(HubModelReader.TryRead(Encoding.UTF8.GetBytes(json), trusted: false, out _, [], out var reason));
        Assert.Equal("nested deeper than 64 levels", reason);
    }

    [Theory]
    [InlineData("maker/\u202Egnp")]
    [InlineData("mak\u200Ber/x")]
    [InlineData("m\u0430ker/x")]
    [InlineData("cafe\u0301/x")]
    public void DAT_11_odd_looking_ids_are_kept_as_they_are(string id) => Assert.Equal(id, Read($$"""{"id":"{{id}}"}""").Id);

    [Fact]
    public void Cited_evidence_is_read_from_our_own_facts_file_only()
    {
        const string Json = """
            {"id":"maker/closed","_atlas":{"observed":"2026-10-01","sources":["https://maker.example/terms"],"kind":"service",
             "evidence":[{"axis":"weights","state":"none","source":"https://maker.example/api","quote":"only as a service","strength":"read"},{"axis":"colour","state":"x","source":"y"}]}}
            """;
        Assert.True(HubModelReader.TryRead(Encoding.UTF8.GetBytes(Json), trusted: true, out var model, [], out _));
        var item = Assert.Single(model.Cited ?? []);
        Assert.Equal((Axis.Weights, "none", Strength.Read, "cited"), (item.Axis, item.State, item.Strength, item.Extractor));
        Assert.Equal(new DateTime(2026, 10, 1, 0, 0, 0, DateTimeKind.Utc), item.ObservedAt?.UtcDateTime);
        Assert.Equal("service", model.Atlas?.Kind);
        var other = Read(Json);
        Assert.Null(other.Cited);
        Assert.Null(other.Atlas);
        Assert.Null(other.Other);
    }

    private static HubModel Read(string json)
    {
        Assert.True(HubModelReader.TryRead(Encoding.UTF8.GetBytes(json), trusted: false, out var model, [], out var reason), reason);
        return model;
    }
}
