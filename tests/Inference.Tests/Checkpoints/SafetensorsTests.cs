using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Checkpoints;

public sealed class SafetensorsTests
{
    [Fact]
    public void Numbers_of_every_type_are_read_as_float32()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", """{"model_type":"toy"}""");
        folder.Safetensors("model.safetensors",
            ("f64", "F64", [2], [.. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(-2.0)]),
            ("f32", "F32", [2], [.. BitConverter.GetBytes(0.1f), .. BitConverter.GetBytes(-3f)]),
            ("f16", "F16", [2], [0x00, 0x3c, 0x01, 0x00]),
            ("bf16", "BF16", [35], [.. Enumerable.Repeat(new byte[] { 0x80, 0x3f }, 34).SelectMany(one => one), 0x49, 0xc0]),
            ("f8", "F8_E4M3", [6], [0x38, 0x7e, 0x01, 0x08, 0xb8, 0x7f]),
            ("f8wide", "F8_E5M2", [2], [0x3c, 0x7b]),
            ("i64", "I64", [1], BitConverter.GetBytes(-7L)),
            ("i8", "I8", [2], [0xff, 0x7f]),
            ("u8", "U8", [], [200]),
            ("bool", "BOOL", [2], [0, 1]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal("toy", checkpoint.Config.GetProperty("model_type").GetString());
        Assert.Equal([1.5f, -2f], All(checkpoint, "f64"));
        Assert.Equal([0.1f, -3f], All(checkpoint, "f32"));
        Assert.Equal([1f, 1f / (1 << 24)], All(checkpoint, "f16"));
        Assert.Equal([.. Enumerable.Repeat(1f, 34), -3.140625f], All(checkpoint, "bf16"));
        Assert.Equal([1f, 448f, 1f / 512, 1f / 64, -1f, float.NaN], All(checkpoint, "f8"));
        Assert.Equal([1f, 57344f], All(checkpoint, "f8wide"));
        Assert.Equal([-7f], All(checkpoint, "i64"));
        Assert.Equal([-1f, 127f], All(checkpoint, "i8"));
        Assert.Equal([200f], All(checkpoint, "u8"));
        Assert.Equal([0f, 1f], All(checkpoint, "bool"));
    }

    [Fact]
    public void Rows_are_read_from_any_row_on_and_only_those_that_are_there()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        folder.Safetensors("model.safetensors", ("w", "F32", [3, 2], [.. Enumerable.Range(0, 6).SelectMany(number => BitConverter.GetBytes((float)number))]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        var rows = new float[4];
        checkpoint.Read("w", 1, rows);
        Assert.Equal([2f, 3f, 4f, 5f], rows);
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Read("w", 2, rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Read("w", 0, new float[3]));
        var raw = checkpoint.Raw("w") ?? default;
        Assert.Equal(File.ReadAllBytes(raw.Path).AsSpan()[^24..], File.ReadAllBytes(raw.Path).AsSpan((int)raw.Offset, (int)raw.Length));
    }

    [Fact]
    public void Shards_are_one_model()
    {
        const string Folder = "models/formats/sharded-fp16";
        var path = SharedData.Find(Folder);
        Assert.SkipWhen(path is null, SharedData.SkipMessage(Folder));
        using var checkpoint = Checkpoint.Open(path);
        Assert.Equal(21, checkpoint.Names.Count);
        foreach (var name in checkpoint.Names) Assert.All(All(checkpoint, name), number => Assert.True(float.IsFinite(number)));
    }

    private static float[] All(ICheckpoint checkpoint, string name)
    {
        var weight = checkpoint.Get(name);
        var numbers = new float[weight.Rows * weight.RowLength];
        weight.Read(0, numbers);
        return numbers;
    }
}
