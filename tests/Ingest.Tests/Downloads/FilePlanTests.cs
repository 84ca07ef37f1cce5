using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Tests.Downloads;

public sealed class FilePlanTests
{
    private static readonly PullWish _quick = new([FilePrecision.FourBit, FilePrecision.EightBit, FilePrecision.Fp32, FilePrecision.Fp16]);
    private static readonly PullWish _precise = new([FilePrecision.Fp32, FilePrecision.Fp16, FilePrecision.EightBit, FilePrecision.FourBit]);

    private static readonly string[] _optimum =
    [
        "README.md", "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors", "pytorch_model.bin", "onnx/decoder_model.onnx", "onnx/model.onnx", "onnx/model.onnx_data", "onnx/model_fp16.onnx", "onnx/model_fp16.onnx_data",
        "onnx/model_q4.onnx", "onnx/model_q4f16.onnx", "onnx/model_quantized.onnx", "modeling_x.py", "../../evil.json", "onnx/run.sh",
    ];

    [Fact]
    public void One_set_of_weights_is_taken_and_what_reads_text_with_it()
    {
        Assert.Equal(["config.json", "generation_config.json", "onnx/model_q4.onnx", "tokenizer.json", "tokenizer_config.json"], Chosen(_optimum, _quick));
        Assert.Equal(["config.json", "generation_config.json", "onnx/model.onnx", "onnx/model.onnx_data", "tokenizer.json", "tokenizer_config.json"], Chosen(_optimum, _precise));
        Assert.Contains("onnx/model_quantized.onnx", Chosen(_optimum, new([FilePrecision.EightBit])));
        Assert.Contains("onnx/model_fp16.onnx_data", Chosen(_optimum, new([FilePrecision.Fp16], OnGpu: true)));
    }

    [Fact]
    public void Of_folders_that_each_hold_a_model_one_becomes_the_model()
    {
        string[] files =
        [
            "README.md", "cpu_and_mobile/cpu-int4-rtn-block-32/genai_config.json", "cpu_and_mobile/cpu-int4-rtn-block-32/model.onnx", "cpu_and_mobile/cpu-int4-rtn-block-32/model.onnx.data",
            "cpu_and_mobile/cpu-int4-rtn-block-32/tokenizer.json", "cuda/cuda-fp16/genai_config.json", "cuda/cuda-fp16/model.onnx", "cuda/cuda-int4/genai_config.json", "cuda/cuda-int4/model.onnx",
        ];
        var (planned, _) = FilePlan.Choose("a/b", Listed(files), _quick);
        Assert.Equal(["genai_config.json", "model.onnx", "model.onnx.data", "tokenizer.json"], planned.Select(file => file.Target).Order(StringComparer.Ordinal));
        Assert.All(planned, file => Assert.StartsWith("cpu_and_mobile/", file.Path, StringComparison.Ordinal));
        Assert.Contains("cuda/cuda-fp16/model.onnx", Chosen(files, new([FilePrecision.Fp16, FilePrecision.FourBit], OnGpu: true)));
    }

    [Fact]
    public void Of_many_ggufs_one_is_taken_with_all_its_parts()
    {
        string[] files = ["m.Q2_K.gguf", "m.Q4_0.gguf", "m.Q4_K_M.gguf", "m.Q8_0.gguf", "mmproj-m.gguf", "m.f16-00001-of-00002.gguf", "m.f16-00002-of-00002.gguf"];
        Assert.Equal(["m.Q4_K_M.gguf"], Chosen(files, _quick));
        Assert.Equal(["m.f16-00001-of-00002.gguf", "m.f16-00002-of-00002.gguf"], Chosen(files, _precise));
    }

    [Fact]
    public void Safetensors_come_with_their_index()
    {
        string[] files = ["config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json", "adapter.safetensors", "pytorch_model.bin"];
        Assert.Equal(["config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json"], Chosen(files, _quick));
    }

    [Fact]
    public void What_cannot_be_chosen_says_why()
    {
        Assert.Contains("exported to ONNX", FilePlan.Choose("a/b", Listed("config.json", "pytorch_model.bin"), _quick).Complaint, StringComparison.Ordinal);
        Assert.Contains("no int8 weights, only fp32 (onnx/model.onnx)", FilePlan.Choose("a/b", Listed("onnx/model.onnx"), new([FilePrecision.EightBit])).Complaint, StringComparison.Ordinal);
        Assert.Contains("how large", FilePlan.Choose("a/b", [new("model.onnx")], _quick).Complaint, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Chosen(string[] files, PullWish wish)
    {
        var (planned, complaint) = FilePlan.Choose("a/b", Listed(files), wish);
        Assert.Null(complaint);
        return planned.Select(file => file.Path).Order(StringComparer.Ordinal);
    }

    private static HubFile[] Listed(params string[] files) => [.. files.Select(file => new HubFile(file, 10, new string('a', 64)))];
}
