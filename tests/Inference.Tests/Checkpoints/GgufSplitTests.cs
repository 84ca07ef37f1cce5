using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Checkpoints;

public sealed class GgufSplitTests
{
    private const string Source = "models/formats/lora-base";

    [Fact]
    public void Parts_of_a_model_are_read_as_the_whole_whichever_is_named()
    {
        using var folder = new TemporaryFolder();
        Split(folder, out var source);
        using var wanted = Checkpoint.Open(source);
        foreach (var named in new[] { folder.Path, Part(folder, 1), Part(folder, 3) })
        {
            using var read = Checkpoint.Open(named);
            Assert.Equal(wanted.Names.Order(StringComparer.Ordinal), read.Names.Order(StringComparer.Ordinal));
            foreach (var name in wanted.Names)
            {
                var (one, other) = (new float[wanted.Get(name).Rows * wanted.Get(name).RowLength], new float[wanted.Get(name).Rows * wanted.Get(name).RowLength]);
                wanted.Read(name, 0, one);
                read.Read(name, 0, other);
                Assert.Equal(one, other);
            }
        }
    }

    [Fact]
    public void A_part_that_is_missing_or_of_another_model_is_named()
    {
        using var folder = new TemporaryFolder();
        Split(folder, out _);
        File.Copy(Part(folder, 3), Part(folder, 2), overwrite: true);
        Assert.Contains("does not say that it is part 2 of 3", Assert.Throws<ModelRefusedException>(() => Checkpoint.Open(folder.Path)).Message, StringComparison.Ordinal);
        File.Delete(Part(folder, 2));
        Assert.Contains("needs model-00002-of-00003.gguf beside it, which is missing", Assert.Throws<ModelRefusedException>(() => Checkpoint.Open(folder.Path)).Message, StringComparison.Ordinal);
        var renamed = Path.Combine(folder.Path, "model.gguf");
        File.Move(Part(folder, 1), renamed);
        Assert.Contains("is one of 3 parts of a model, and its name does not say which", Assert.Throws<ModelRefusedException>(() => Checkpoint.Open(renamed)).Message, StringComparison.Ordinal);
    }

    private static void Split(TemporaryFolder folder, out string source)
    {
        var found = SharedData.Find(Source);
        Assert.SkipWhen(found is null, SharedData.SkipMessage(Source));
        source = found;
        GgufWriter.Convert(source, "llama", Part(folder, 1));
    }

    private static string Part(TemporaryFolder folder, int number) => Path.Combine(folder.Path, $"model-{number:00000}-of-00003.gguf");
}
