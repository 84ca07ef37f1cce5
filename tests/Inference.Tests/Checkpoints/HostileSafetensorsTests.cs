using System.Text;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Tests.Checkpoints;

public sealed class HostileSafetensorsTests
{
    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,20]}}""", "beyond the end of the file")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4],"data_offsets":[16,0]}}""", "beyond the end of the file")]
    [InlineData("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}""", "16 bytes where its shape needs 12")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}""", "impossible shape")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}}""", "impossible shape or place")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4.5],"data_offsets":[0,16]}}""", "impossible shape")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1e30],"data_offsets":[0,16]}}""", "impossible shape")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,16]}}""", "impossible size")]
    [InlineData("""{"w":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "impossible size")]
    [InlineData("""{"w":{"dtype":"U8","shape":[0,9223372036854775807,3],"data_offsets":[0,0]}}""", "impossible size")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,4],"data_offsets":[0,16]}}""", "more than 8 dimensions")]
    [InlineData("""{"w":{"dtype":"F4","shape":[4],"data_offsets":[0,16]}}""", "a type that this engine does not know")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4]}}""", "does not say type, shape and place")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,8,16]}}""", "does not say type, shape and place")]
    [InlineData("""{"w":{"dtype":"F32","dtype":"F16","shape":[4],"data_offsets":[0,16]}}""", "what no safetensors file says")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16],"program":"x"}}""", "what no safetensors file says")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "twice")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"v":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "over another tensor")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "over another tensor")]
    [InlineData("""{"w":[]}""", "cannot be read")]
    [InlineData("""{"w":{"dtype":7}}""", "cannot be read")]
    [InlineData("""{"w":{"dtype":"F32","shape":[[4]]}}""", "cannot be read")]
    [InlineData("""{"w":{"dtype":"\ud800","shape":[4],"data_offsets":[0,16]}}""", "cannot be read")]
    [InlineData("""{"__metadata__":[[[[[[[[[[[[]]]]]]]]]]]]}""", "cannot be read")]
    [InlineData("""[]""", "cannot be read")]
    [InlineData("""{"w":""", "cannot be read")]
    [InlineData("""{} {}""", "cannot be read")]
    [InlineData("", "too short")]
    public void A_list_of_tensors_that_lies_is_refused_in_one_sentence(string header, string why)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        folder.Safetensors("model.safetensors", header, new byte[header.Length == 0 ? 0 : 16]);
        Refused(folder, why);
    }

    [Theory]
    [InlineData(0x7fffffffffffffff, "but the file has only")]
    [InlineData(-1, "but the file has only")]
    [InlineData(1000, "but the file has only")]
    [InlineData(0, "cannot be read")]
    public void A_header_longer_than_the_file_is_refused(long length, string why)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        File.WriteAllBytes(folder["model.safetensors"], [.. BitConverter.GetBytes(length), .. "{}      "u8]);
        Refused(folder, why);
    }

    [Fact]
    public void A_header_of_gigabytes_takes_no_memory()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        using (var file = File.Create(folder["model.safetensors"]))
        {
            file.SetLength(3L << 30); // sparse
            file.Write(BitConverter.GetBytes(2L << 30));
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(folder, "more than any has");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Broken_bytes_are_no_file_of_weights_and_never_more_than_that()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        folder.Safetensors("model.safetensors", ("w", "F32", [2, 2], new byte[16]), ("v", "F16", [3], new byte[6]));
        var (sound, random) = (File.ReadAllBytes(folder["model.safetensors"]), new Random(7));
        var refused = 0;
        for (var i = 0; i < 400; i++)
        {
            var broken = (byte[])sound.Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(folder["model.safetensors"], broken.AsSpan(0, random.Next(3) == 0 ? random.Next(broken.Length) : broken.Length));
            try
            {
                using var checkpoint = Checkpoint.Open(folder.Path);
                foreach (var name in checkpoint.Names) checkpoint.Read(name, 0, new float[checkpoint.Get(name).Rows * checkpoint.Get(name).RowLength]);
            }
            catch (ModelRefusedException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 200, 400);
    }

    [Fact]
    public void A_file_cut_short_while_it_is_read_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        folder.Safetensors("model.safetensors", ("w", "F32", [4], new byte[16]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        using (var file = new FileStream(folder["model.safetensors"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) file.SetLength(file.Length - 4);
        Assert.Contains("cut short", Assert.Throws<ModelRefusedException>(() => checkpoint.Read("w", 0, new float[4])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/one.safetensors")]
    [InlineData("sub\\\\one.safetensors")]
    [InlineData("C:one.safetensors")]
    [InlineData("one.safetensors\\u0000")]
    [InlineData(".safetensors")]
    [InlineData("one.bin")]
    [InlineData("")]
    public void A_shard_outside_the_folder_is_refused(string shard)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        folder.Write("model.safetensors.index.json", $$$"""{"weight_map":{"w":"{{{shard}}}"}}""");
        Refused(folder, "no plain name of a safetensors file beside it");
    }

    [Fact]
    public void A_shard_that_is_a_link_out_of_the_folder_is_refused()
    {
        using var outside = new TemporaryFolder();
        outside.Safetensors("secret.safetensors", ("w", "F32", [1], new byte[4]));
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        File.CreateSymbolicLink(folder["one.safetensors"], outside["secret.safetensors"]);
        folder.Write("model.safetensors.index.json", """{"weight_map":{"w":"one.safetensors"}}""");
        Refused(folder, "a link that leaves its folder");
        File.Delete(folder["model.safetensors.index.json"]);
        File.Move(folder["one.safetensors"], folder["model.safetensors"]);
        Refused(folder, "a link that leaves its folder");
    }

    [Fact]
    public void The_links_of_the_Hubs_own_cache_are_followed()
    {
        using var cache = new TemporaryFolder();
        Directory.CreateDirectory(cache["blobs"]);
        var snapshot = Directory.CreateDirectory(cache["snapshots/1234"]).FullName;
        cache.Safetensors("blobs/abcd", ("w", "F32", [1], BitConverter.GetBytes(4f)));
        cache.Write("snapshots/1234/config.json", "{}");
        File.CreateSymbolicLink(Path.Combine(snapshot, "model.safetensors"), "../../blobs/abcd");
        using var checkpoint = Checkpoint.Open(snapshot);
        Assert.Equal(["w"], checkpoint.Names);
    }

    [Theory]
    [InlineData("""{"weight_map":{"w":"one.safetensors","gone":"one.safetensors"}}""", "which does not hold it")]
    [InlineData("""{"weight_map":{"w":"one.safetensors","v":"two.safetensors"}}""", "which is missing")]
    [InlineData("""{"weight_map":{"w":"one.safetensors","w":"one.safetensors"}}""", "twice")]
    [InlineData("""{"weight_map":{"w":7}}""", "in no file")]
    [InlineData("""{"weight_map":{}}""", "lists no weights")]
    [InlineData("""{"weight_map":[]}""", "lists no weights")]
    [InlineData("""[]""", "lists no weights")]
    [InlineData("""{"weight_map":""", "is no JSON")]
    public void An_index_that_does_not_fit_its_shards_is_refused(string index, string why)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        folder.Safetensors("one.safetensors", ("w", "F32", [1], new byte[4]));
        folder.Write("model.safetensors.index.json", index);
        Refused(folder, why);
    }

    [Fact]
    public void A_pickle_is_never_read()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        folder.Write("pytorch_model.bin", "PK");
        Refused(folder, "only as a pickle");
        folder.Write("pytorch_model.bin.index.json", "{}");
        Refused(folder, "only as a pickle");
        folder.Safetensors("model.safetensors", ("w", "F32", [1], new byte[4]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(["w"], checkpoint.Names);
    }

    [Fact]
    public void A_folder_without_weights_or_configuration_says_so()
    {
        using var folder = new TemporaryFolder();
        Refused(folder, "holds no weights");
        folder.Safetensors("model.safetensors", ("w", "F32", [1], new byte[4]));
        Refused(folder, "no config.json");
    }

    private static void Refused(TemporaryFolder folder, string why)
    {
        var refused = Assert.Throws<ModelRefusedException>(() => Checkpoint.Open(folder.Path).Dispose());
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.InRange(Encoding.UTF8.GetByteCount(refused.Message), 20, 600);
    }
}
