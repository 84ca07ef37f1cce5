using System.Text;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Checkpoints;

public sealed class HostileGgufTests
{
    [Fact]
    public void A_file_written_by_hand_is_read()
    {
        using var folder = new TemporaryFolder();
        Write(folder, Head(1, 9), Settings(), Tensor("token_embd.weight", [32, 4], 0, 0), Padding(), new byte[512]);
        using var checkpoint = Checkpoint.Open(folder["model.gguf"]);
        Assert.Equal(["model.embed_tokens.weight"], checkpoint.Names);
        Assert.Equal([4L, 32L], checkpoint.Shape("model.embed_tokens.weight"));
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "magic", "does not begin as one" },
        { "version 1", "of version 1" },
        { "version 9", "of version 9" },
        { "big-endian", "other byte order" },
        { "too many", "more than any model has" },
        { "cut", "ends in the middle" },
        { "long text", "a text of" },
        { "long list", "longer than the file" },
        { "list of lists", "list of type 9" },
        { "type", "value of type 99" },
        { "twice", "twice" },
        { "alignment", "aligns its tensors" },
        { "dimensions", "5 dimensions" },
        { "no dimensions", "0 dimensions" },
        { "overflow", "impossible size" },
        { "empty", "impossible size" },
        { "unknown type", "IQ1_S" },
        { "partial block", "no whole blocks" },
        { "vector", "in blocks" },
        { "beyond", "beyond the end" },
        { "far beyond", "beyond the end" },
        { "overlap", "over another tensor" },
        { "same name", "twice" },
        { "strange tensor", "has no place" },
        { "architecture", "does not read from GGUF" },
        { "no architecture", "does not say what architecture" },
        { "kind of value", "in a form that it never has" },
        { "heads", "cannot be" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_file_that_lies_is_refused_in_one_sentence(string lie, string why)
    {
        using var folder = new TemporaryFolder();
        var embeddings = Tensor("token_embd.weight", [32, 4], 0, 0);
        byte[][] file = lie switch
        {
            "magic" => ["GGML"u8.ToArray(), Head(1, 0)],
            "version 1" => [Head(1, 0, version: 1)],
            "version 9" => [Head(1, 0, version: 9)],
            "big-endian" => [Head(1, 0, version: 3 << 24)],
            "too many" => [Head(ulong.MaxValue, 0)],
            "cut" => [Head(1, 8), Settings()[..40]],
            "long text" => [Head(1, 1), U64(1UL << 40), new byte[64]],
            "long list" => [Head(1, 1), Text("list"), U32(9), U32(4), U64(1UL << 60), new byte[64]],
            "list of lists" => [Head(1, 1), Text("list"), U32(9), U32(9), U64(1), new byte[64]],
            "type" => [Head(1, 1), Text("key"), U32(99), new byte[64]],
            "twice" => [Head(1, 2), Text("key"), U32(4), U32(1), Text("key"), U32(4), U32(1), new byte[64]],
            "alignment" => [Head(1, 1), Text("general.alignment"), U32(4), U32(3), embeddings, new byte[1024]],
            "dimensions" => [Head(1, 9), Settings(), Tensor("token_embd.weight", [1, 1, 1, 1, 1], 0, 0), new byte[1024]],
            "no dimensions" => [Head(1, 9), Settings(), Tensor("token_embd.weight", [], 0, 0), new byte[1024]],
            "overflow" => [Head(1, 9), Settings(), Tensor("token_embd.weight", [1UL << 40, 1UL << 40], 0, 0), new byte[1024]],
            "empty" => [Head(1, 9), Settings(), Tensor("token_embd.weight", [32, 0], 0, 0), new byte[1024]],
            "unknown type" => [Head(1, 9), Settings(), Tensor("token_embd.weight", [256, 4], 19, 0), new byte[1024]],
            "partial block" => [Head(1, 9), Settings(), Tensor("token_embd.weight", [33, 4], 8, 0), new byte[1024]],
            "vector" => [Head(1, 9), Settings(), Tensor("token_embd.weight", [32], 8, 0), new byte[1024]],
            "beyond" => [Head(1, 9), Settings(), embeddings, new byte[100]],
            "far beyond" => [Head(1, 9), Settings(), Tensor("token_embd.weight", [32, 4], 0, ulong.MaxValue), new byte[1024]],
            "overlap" => [Head(2, 9), Settings(), embeddings, Tensor("output.weight", [32, 4], 0, 256), Padding(), new byte[2048]],
            "same name" => [Head(2, 9), Settings(), embeddings, Tensor("token_embd.weight", [32, 4], 0, 512), Padding(), new byte[2048]],
            "strange tensor" => [Head(2, 9), Settings(), embeddings, Tensor("blk.0.attn_surprise.weight", [32, 4], 0, 512), Padding(), new byte[2048]],
            "architecture" => [Head(1, 1), Text("general.architecture"), U32(8), Text("surprise"), embeddings, Padding(), new byte[1024]],
            "no architecture" => [Head(1, 0), embeddings, Padding(), new byte[1024]],
            "kind of value" => [Head(1, 1), Text("general.architecture"), U32(4), U32(7), embeddings, Padding(), new byte[1024]],
            _ => [Head(1, 9), Settings(heads: 0), embeddings, Padding(), new byte[1024]],
        };
        Write(folder, file);
        var refused = Assert.Throws<ModelRefusedException>(() => Checkpoint.Open(folder["model.gguf"]).Dispose());
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Broken_bytes_are_no_file_and_never_more_than_that()
    {
        const string Reference = "models/formats/gguf-llama-Q4_K/tiny-llama-Q4_K_M.gguf";
        var path = SharedData.Find(Reference);
        Assert.SkipWhen(path is null, SharedData.SkipMessage(Reference));
        using var folder = new TemporaryFolder();
        using var texts = new TemporaryFolder();
        var (sound, random, refused) = (File.ReadAllBytes(path), new Random(3), 0);
        for (var i = 0; i < 300; i++)
        {
            var broken = (byte[])sound.Clone();
            for (var flips = random.Next(1, 6); flips > 0; flips--) broken[random.Next(9000)] = (byte)random.Next(256);
            File.WriteAllBytes(folder["model.gguf"], broken.AsSpan(0, random.Next(4) == 0 ? random.Next(broken.Length) : broken.Length));
            try
            {
                using var checkpoint = Checkpoint.Open(folder["model.gguf"]);
                foreach (var name in checkpoint.Names) checkpoint.Read(name, 0, new float[checkpoint.Get(name).RowLength]);
                checkpoint.WriteTexts(texts.Path);
            }
            catch (ModelRefusedException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 60, 300);
    }

    [Fact]
    public void Several_files_in_a_folder_are_not_guessed_among()
    {
        using var folder = new TemporaryFolder();
        folder.Write("one.gguf", "");
        folder.Write("two.gguf", "");
        Assert.Contains("name the one to run", Assert.Throws<ModelRefusedException>(() => Checkpoint.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static void Write(TemporaryFolder folder, params byte[][] parts)
    {
        List<byte> all = [];
        foreach (var part in parts)
        {
            if (ReferenceEquals(part, _padding)) while (all.Count % 32 != 0) all.Add(0);
            else all.AddRange(part);
        }
        File.WriteAllBytes(folder["model.gguf"], [.. all]);
    }

    private static readonly byte[] _padding = [0];

    private static byte[] Padding() => _padding;

    private static byte[] Head(ulong tensors, ulong settings, uint version = 3) => [.. "GGUF"u8, .. U32(version), .. U64(tensors), .. U64(settings)];

    private static byte[] Settings(uint heads = 4) =>
    [
        .. Text("general.architecture"), .. U32(8), .. Text("llama"),
        .. Text("llama.attention.layer_norm_rms_epsilon"), .. U32(6), .. BitConverter.GetBytes(1e-5f),
        .. Number("llama.context_length", 64), .. Number("llama.embedding_length", 32), .. Number("llama.block_count", 1), .. Number("llama.feed_forward_length", 32),
        .. Number("llama.attention.head_count", heads), .. Number("llama.attention.head_count_kv", 2), .. Number("llama.vocab_size", 4),
    ];

    private static byte[] Number(string key, uint value) => [.. Text(key), .. U32(4), .. U32(value)];

    private static byte[] Tensor(string name, ulong[] sizes, uint type, ulong offset) => [.. Text(name), .. U32((uint)sizes.Length), .. sizes.SelectMany(U64), .. U32(type), .. U64(offset)];

    private static byte[] Text(string text) => [.. U64((ulong)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] U32(uint number) => BitConverter.GetBytes(number);

    private static byte[] U64(ulong number) => BitConverter.GetBytes(number);
}
