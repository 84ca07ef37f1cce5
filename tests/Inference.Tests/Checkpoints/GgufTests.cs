using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Prompts;
using ModelAtlas.Inference.Prompts.Tokenizers;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Checkpoints;

public sealed class GgufTests
{
    private const string Formats = "models/formats";
    private const string SmolLm = "models/smollm2-135m-instruct";

    public static TheoryData<string> Folders => [.. Found().DefaultIfEmpty("none")];

    private static IEnumerable<string> Found() => SharedData.Find(Formats) is { } root
        ? Directory.GetDirectories(root, "gguf-*").Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)
        : [];

    [Fact]
    public void Every_tensor_of_a_real_model_is_bit_by_bit_what_the_reference_reads()
    {
        var root = SharedData.Find(SmolLm);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(SmolLm));
        using var checkpoint = Checkpoint.Open(Path.Combine(root, "SmolLM2-135M-Instruct.Q4_1.gguf"));
        using var listed = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "weights.json")));
        var tensors = listed.RootElement.EnumerateArray().ToList();
        Assert.Equal(tensors.Select(tensor => tensor.GetProperty("name").GetString()).Order(StringComparer.Ordinal), checkpoint.Names.Order(StringComparer.Ordinal));
        foreach (var tensor in tensors)
        {
            var name = tensor.GetProperty("name").GetString() ?? "";
            Assert.Equal(tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), checkpoint.Shape(name));
            Assert.Equal(tensor.GetProperty("sha256").GetString(), Hash(checkpoint.Get(name)));
        }
    }

    [Fact]
    public void The_configuration_of_a_real_model_is_that_of_its_publication()
    {
        var root = SharedData.Find(SmolLm);
        Assert.SkipWhen(root is null, SharedData.SkipMessage(SmolLm));
        using var checkpoint = Checkpoint.Open(Path.Combine(root, "SmolLM2-135M-Instruct.Q4_1.gguf"));
        using var published = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "config.json")));
        foreach (var made in checkpoint.Config.EnumerateObject())
        {
            var want = published.RootElement.GetProperty(made.Name);
            Assert.True(JsonElement.DeepEquals(want, made.Value), made.ToString());
        }
    }

    [Theory]
    [InlineData("corpus")]
    [InlineData("chat")]
    public void The_tokenizer_of_a_real_model_gives_the_ids_of_its_publication(string what)
    {
        var root = SharedData.Find(SmolLm);
        Assert.SkipWhen(root is null || SharedData.Find("tokenizers") is null, SharedData.SkipMessage(SmolLm));
        using var folder = new TemporaryFolder();
        using (var checkpoint = Checkpoint.Open(Path.Combine(root, "SmolLM2-135M-Instruct.Q4_1.gguf"))) checkpoint.WriteTexts(folder.Path);
        if (what == "chat")
        {
            var (own, published) = (new PromptReader(folder.Path), new PromptReader(root));
            var chat = JsonSerializer.SerializeToElement(new { messages = new[] { new { role = "user", content = "Which tokens? 12  3" } }, add_generation_prompt = true });
            Assert.Equal(published.Read(chat, DateTimeOffset.UnixEpoch), own.Read(chat, DateTimeOffset.UnixEpoch));
            return;
        }
        var (mine, theirs) = (HubTokenizer.Load(folder["tokenizer.json"]), HubTokenizer.Load(Path.Combine(root, "tokenizer.json")));
        using var corpus = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Find("tokenizers") ?? "", "corpus.json")));
        foreach (var text in corpus.RootElement.EnumerateArray().Select(text => text.GetString() ?? ""))
            Assert.Equal(theirs.Encode(text, true).Select(token => token.Id), mine.Encode(text, true).Select(token => token.Id));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Texts_become_the_ids_that_llama_cpp_gives(string name)
    {
        var path = SharedData.Find(Formats);
        Assert.SkipWhen(path is null, SharedData.SkipMessage(Formats));
        using var folder = new TemporaryFolder();
        using (var checkpoint = Checkpoint.Open(Path.Combine(path, name))) checkpoint.WriteTexts(folder.Path);
        var tokenizer = HubTokenizer.Load(folder["tokenizer.json"]);
        using var reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(path, name, "reference.json")));
        foreach (var sample in reference.RootElement.GetProperty("tokenize").EnumerateArray())
        {
            var ids = tokenizer.Encode(sample.GetProperty("text").GetString() ?? "", addSpecial: true).Select(token => token.Id).ToList();
            Assert.Equal(sample.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), ids);
            Assert.Equal(sample.GetProperty("text").GetString(), tokenizer.Decode(ids, skipSpecial: true));
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Blocks_hold_exactly_what_is_read_as_numbers(string name)
    {
        var path = SharedData.Find(Formats);
        Assert.SkipWhen(path is null, SharedData.SkipMessage(Formats));
        using var checkpoint = Checkpoint.Open(Path.Combine(path, name));
        var carried = 0;
        foreach (var weight in checkpoint.Names.Select(checkpoint.Get))
        {
            if (weight.Blocks is not { } blocks) continue;
            carried++;
            BlockCheck.Equal(weight, blocks);
        }
        Assert.Equal(name.EndsWith("F16", StringComparison.Ordinal), carried == 0);
    }

    private static string Hash(Weight weight)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var rows = new float[Math.Min(weight.Rows, 1000) * weight.RowLength];
        for (var row = 0L; row < weight.Rows; row += 1000)
        {
            var part = rows.AsSpan(0, (int)(Math.Min(1000, weight.Rows - row) * weight.RowLength));
            weight.Read(row, part);
            hash.AppendData(MemoryMarshal.AsBytes(part));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
