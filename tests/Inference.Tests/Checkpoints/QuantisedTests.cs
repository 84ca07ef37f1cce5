using System.Runtime.InteropServices;
using System.Text;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Checkpoints;

/// <summary>Small files packed here by the published rules, from values that are known.</summary>
public sealed class QuantisedTests
{
    private const string Formats = "models/formats";
    private const int Inputs = 64;
    private const int Outputs = 16;
    private const int Group = 32;

    private readonly Random _random = new(5);

    [Theory]
    [InlineData(2, "gptq", false)]
    [InlineData(3, "gptq", false)]
    [InlineData(4, "gptq", false)]
    [InlineData(4, "gptq", true)]
    [InlineData(4, "gptq_v2", false)]
    [InlineData(8, "gptq", false)]
    public void Gptq_is_read_by_its_groups(int bits, string format, bool actOrder)
    {
        var outputs = bits == 3 ? 32 : Outputs;
        var (q, zeros, scales) = Random(outputs, Inputs / Group, bits);
        var above = format == "gptq" ? 1 : 0;
        int[] groupOf = [.. Enumerable.Range(0, Inputs).Select(input => actOrder ? (input * 7 + 3) % Inputs / Group : input / Group)];
        var words = new uint[Inputs * bits / 32, outputs];
        for (var input = 0; input < Inputs; input++)
            for (var output = 0; output < outputs; output++)
                for (var bit = 0; bit < bits; bit++)
                    words[(input * bits + bit) / 32, output] |= (uint)(q[output, input] >> bit & 1) << (input * bits + bit) % 32;
        var zeroWords = new uint[Inputs / Group, outputs * bits / 32];
        for (var group = 0; group < Inputs / Group; group++)
            for (var output = 0; output < outputs; output++)
                for (var bit = 0; bit < bits; bit++)
                    zeroWords[group, (output * bits + bit) / 32] |= (uint)(zeros[output, group] >> bit & 1) << (output * bits + bit) % 32;
        using var folder = Folder($$"""{"quant_method":"gptq","bits":{{bits}},"group_size":32,"checkpoint_format":"{{format}}"}""",
            ("a.qweight", "I32", [Inputs * bits / 32, outputs], Bytes(words)), ("a.qzeros", "I32", [Inputs / Group, outputs * bits / 32], Bytes(zeroWords)),
            ("a.scales", "F16", [Inputs / Group, outputs], Halves(Transposed(scales))), ("a.g_idx", "I32", [Inputs], Bytes(groupOf)),
            ("a.bias", "F16", [outputs], new byte[outputs * 2]), ("b.bias", "F16", [1], new byte[2]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(["a.weight", "b.bias"], checkpoint.Names.Order(StringComparer.Ordinal)); // zeros are no bias where the weight is quantised
        Check(checkpoint, outputs, (output, input) => scales[output, groupOf[input]] * (q[output, input] - zeros[output, groupOf[input]] - above));
    }

    [Fact]
    public void Awq_is_read_in_the_order_that_its_words_have()
    {
        var (q, zeros, scales) = Random(Outputs, Inputs / Group, 4);
        int[] order = [0, 2, 4, 6, 1, 3, 5, 7];
        using var folder = Folder("""{"quant_method":"awq","bits":4,"group_size":32,"version":"GEMM","zero_point":true}""",
            ("a.qweight", "I32", [Inputs, Outputs / 8], Bytes(Words(Inputs, (input, output) => q[output, input]))),
            ("a.qzeros", "I32", [Inputs / Group, Outputs / 8], Bytes(Words(Inputs / Group, (group, output) => zeros[output, group]))),
            ("a.scales", "F16", [Inputs / Group, Outputs], Halves(Transposed(scales))));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Check(checkpoint, Outputs, (output, input) => scales[output, input / Group] * (q[output, input] - zeros[output, input / Group]));

        uint[,] Words(int rows, Func<int, int, int> value)
        {
            var words = new uint[rows, Outputs / 8];
            for (var row = 0; row < rows; row++)
                for (var place = 0; place < Outputs; place++) words[row, place / 8] |= (uint)value(row, place / 8 * 8 + order[place % 8]) << 4 * (place % 8);
            return words;
        }
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(8, false)]
    [InlineData(8, true)]
    public void Compressed_tensors_packs_along_rows_and_zero_points_along_outputs(int bits, bool asymmetric)
    {
        var (q, zeros, scales) = Random(Outputs, Inputs / Group, bits);
        var each = 32 / bits;
        var words = new uint[Outputs, Inputs / each];
        var zeroWords = new uint[Outputs / each, Inputs / Group];
        for (var output = 0; output < Outputs; output++)
        {
            for (var input = 0; input < Inputs; input++) words[output, input / each] |= (uint)q[output, input] << input % each * bits;
            for (var group = 0; group < Inputs / Group; group++) zeroWords[output / each, group] |= (uint)zeros[output, group] << output % each * bits;
        }
        List<(string, string, long[], byte[])> tensors =
        [
            ("a.weight_packed", "I32", [Outputs, Inputs / each], Bytes(words)), ("a.weight_scale", "F16", [Outputs, Inputs / Group], Halves(scales)),
            ("a.weight_shape", "I64", [2], [.. BitConverter.GetBytes((long)Outputs), .. BitConverter.GetBytes((long)Inputs)]),
        ];
        if (asymmetric) tensors.Add(("a.weight_zero_point", "I32", [Outputs / each, Inputs / Group], Bytes(zeroWords)));
        using var folder = Folder("""{"quant_method":"compressed-tensors","format":"pack-quantized","config_groups":{}}""", [.. tensors]);
        using var checkpoint = Checkpoint.Open(folder.Path);
        Check(checkpoint, Outputs, (output, input) => scales[output, input / Group] * (q[output, input] - (asymmetric ? zeros[output, input / Group] : 1 << bits - 1)));
    }

    [Fact]
    public void Bitsandbytes_rows_of_bytes_are_scaled_by_their_largest()
    {
        var q = new sbyte[Outputs * Inputs];
        _random.NextBytes(MemoryMarshal.AsBytes(q.AsSpan()));
        float[] largest = [.. Enumerable.Range(1, Outputs).Select(row => row * 12.7f)];
        using var folder = Folder("""{"quant_method":"bitsandbytes","load_in_8bit":true}""",
            ("a.weight", "I8", [Outputs, Inputs], MemoryMarshal.AsBytes(q.AsSpan()).ToArray()), ("a.SCB", "F32", [Outputs], Bytes(largest)), ("a.weight_format", "U8", [], [0]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Check(checkpoint, Outputs, (output, input) => q[output * Inputs + input] * (largest[output] / 127), blocks: BlockOf.Rows);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bitsandbytes_nf4_runs_over_the_flat_tensor_with_the_upper_half_first(bool twice)
    {
        const int Rows = 5, Columns = 48; // blocks of 64 begin in the middle of rows, the last is short
        float[] table = [.. Enumerable.Range(0, 16).Select(i => i / 8f - 1)];
        var q = Enumerable.Range(0, Rows * Columns).Select(_ => _random.Next(16)).ToArray();
        byte[] codes = [3, 200, 17, 90];
        float[] steps = [.. Enumerable.Range(0, 256).Select(i => i / 100f)], nested = [2f, 3f];
        float[] maxima = twice ? [.. codes.Select((code, i) => steps[code] * nested[i / 3] + 0.25f)] : [0.5f, 1f, 2f, 4f];
        List<(string, string, long[], byte[])> tensors =
        [
            ("a.weight", "U8", [Rows * Columns / 2, 1], [.. q.Chunk(2).Select(pair => (byte)(pair[0] << 4 | pair[1]))]), ("a.weight.quant_map", "F32", [16], Bytes(table)),
            ("a.weight.absmax", twice ? "U8" : "F32", [4], twice ? codes : Bytes(maxima)),
            ("a.weight.quant_state.bitsandbytes__nf4", "U8", [], []),
        ];
        var state = Encoding.UTF8.GetBytes($$"""{"quant_type":"nf4","blocksize":64,"shape":[{{Rows}},{{Columns}}]{{(twice ? ""","nested_blocksize":3,"nested_offset":0.25""" : "")}}}""");
        tensors[3] = ("a.weight.quant_state.bitsandbytes__nf4", "U8", [state.Length], state);
        if (twice) tensors.AddRange([("a.weight.nested_quant_map", "F32", [256], Bytes(steps)), ("a.weight.nested_absmax", "F32", [2], Bytes(nested))]);
        using var folder = Folder("""{"quant_method":"bitsandbytes","load_in_4bit":true}""", [.. tensors]);
        using var checkpoint = Checkpoint.Open(folder.Path);
        var rows = new float[3 * Columns];
        checkpoint.Read("a.weight", 1, rows);
        for (var i = 0; i < rows.Length; i++) Assert.Equal(table[q[Columns + i]] * maxima[(Columns + i) / 64], rows[i]);
        Assert.Null(checkpoint.Blocks("a.weight"));
    }

    [Theory]
    [InlineData("weight_scale_inv", 3, 2)]
    [InlineData("weight_scale", 3, 2)]
    [InlineData("weight_scale", 10, 1)]
    [InlineData("weight_scale", 1, 1)]
    public void Eight_bit_floats_are_multiplied_by_the_scale_of_their_block(string name, int down, int across)
    {
        const int Rows = 10, Columns = 7;
        byte[] stored = [.. Enumerable.Range(0, Rows * Columns).Select(i => (byte)(0x38 + i % 3 * 8))]; // 1, 2, 4
        float[] scales = [.. Enumerable.Range(0, down * across).Select(i => 0.5f + i)];
        var settings = name == "weight_scale_inv" ? """{"quant_method":"fp8","weight_block_size":[4,4]}"""
            : """{"quant_method":"compressed-tensors","format":"float-quantized","config_groups":{"g":{"weights":{"block_structure":[4,4]}}}}""";
        using var folder = Folder(settings, ("a.weight", "F8_E4M3", [Rows, Columns], stored), ($"a.{name}", "F32", [down, across], Bytes(scales)), ("a.input_scale", "F32", [1], Bytes([1f])));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(["a.weight"], checkpoint.Names);
        var rows = new float[Rows * Columns];
        checkpoint.Read("a.weight", 0, rows);
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++)
            {
                var scale = scales[down == 3 ? row / 4 * 2 + column / 4 : down == 10 ? row : 0];
                Assert.Equal((1 << (row * Columns + column) % 3) * scale, rows[row * Columns + column]);
            }
    }

    [Fact]
    public void Four_bit_floats_of_experts_have_a_power_of_two_for_each_block()
    {
        const int Experts = 2, Rows = 3, Groups = 2;
        float[] table = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, 0, -0.5f, -1, -1.5f, -2, -3, -4, -6];
        var packed = new byte[Experts * Rows * Groups * 16];
        _random.NextBytes(packed);
        byte[] powers = [.. Enumerable.Range(0, Experts * Rows * Groups).Select(i => (byte)(120 + i))];
        using var folder = Folder("""{"quant_method":"mxfp4"}""", ("m.experts.down_proj_blocks", "U8", [Experts, Rows, Groups, 16], packed), ("m.experts.down_proj_scales", "U8", [Experts, Rows, Groups], powers));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal([Experts, Rows, Groups * 32], checkpoint.Shape("m.experts.down_proj"));
        var (numbers, want) = (new float[Experts * Groups * 32 * Rows], new float[Experts * Groups * 32 * Rows]);
        checkpoint.Read("m.experts.down_proj", 0, numbers);
        for (var line = 0; line < Experts * Rows; line++)
            for (var input = 0; input < Groups * 32; input++)
            {
                var value = table[packed[(line * Groups + input / 32) * 16 + input % 32 / 2] >> input % 2 * 4 & 15] * MathF.Pow(2, powers[line * Groups + input / 32] - 127);
                want[line * Groups * 32 + input] = value;
            }
        Assert.Equal(want, numbers);
        BlockCheck.Equal(want, checkpoint.Blocks("m.experts.down_proj") ?? throw new InvalidOperationException("no blocks"));
    }

    [Theory]
    [InlineData("gptq-4bit", 7)]
    [InlineData("gptq-4bit-actorder", 7)]
    [InlineData("gptq-8bit", 7)]
    [InlineData("awq-4bit", 7)]
    [InlineData("ct-w4a16", 7)]
    [InlineData("ct-w4a16-asym", 7)]
    [InlineData("bnb-int8", 7)]
    public void Blocks_of_published_files_hold_exactly_what_is_read_as_numbers(string name, int each)
    {
        var path = SharedData.Find($"{Formats}/{name}");
        Assert.SkipWhen(path is null, SharedData.SkipMessage(Formats));
        using var checkpoint = Checkpoint.Open(path);
        var carried = checkpoint.Names.Select(checkpoint.Get).Where(weight => weight.Blocks is not null).ToList();
        Assert.True(carried.Count > 0 && carried.Count % each == 0, $"{carried.Count} weights");
        foreach (var weight in carried) BlockCheck.Equal(weight, weight.Blocks ?? throw new InvalidOperationException());
    }

    [Theory]
    [InlineData("""{"quant_method":"exl2"}""", "quantised by \"exl2\"")]
    [InlineData("""{"bits":4}""", "quantised by \"a method that it does not name\"")]
    [InlineData("""{"quant_method":"gptq","bits":5}""", "5 bits")]
    [InlineData("""{"quant_method":"gptq","bits":4,"checkpoint_format":"marlin"}""", "packed as \"marlin\"")]
    [InlineData("""{"quant_method":"awq","bits":4,"version":"gemv"}""", "packed as \"gemv\"")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"nvfp4-pack-quantized"}""", "compressed as \"nvfp4-pack-quantized\"")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"dense","sparsity_config":{"format":"sparse-24-bitmask"}}""", "leaves out weights")]
    [InlineData("""{"quant_method":"fp8","weight_block_size":[0,128]}""", "impossible size")]
    public void A_way_of_quantising_that_is_not_known_is_refused_by_name(string settings, string why)
    {
        using var folder = Folder(settings, ("a.weight", "F32", [1], new byte[4]));
        Assert.Contains(why, Assert.Throws<ModelRefusedException>(() => Checkpoint.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qweight", "I32", 8, 16)]
    [InlineData("qzeros", "I32", 1, 2)]
    [InlineData("scales", "F16", 3, 16)]
    [InlineData("scales", "F16", 2, 15)]
    [InlineData("g_idx", "I32", 63, 1)]
    [InlineData("qzeros", "F32", 2, 2)]
    public void Parts_that_do_not_fit_each_other_are_refused(string part, string type, int rows, int columns)
    {
        var parts = new Dictionary<string, (string Name, string Type, long[] Shape, byte[] Data)>
        {
            ["qweight"] = ("a.qweight", "I32", [8, 16], new byte[8 * 16 * 4]),
            ["qzeros"] = ("a.qzeros", "I32", [2, 2], new byte[16]),
            ["scales"] = ("a.scales", "F16", [2, 16], new byte[64]),
            ["g_idx"] = ("a.g_idx", "I32", [64], [.. Enumerable.Repeat((byte)0, 252), 9, 0, 0, 0]),
        };
        if (part != "qweight") parts["g_idx"] = ("a.g_idx", "I32", [64], new byte[256]);
        if (part != "qweight") parts[part] = ($"a.{part}", type, part == "g_idx" ? [rows] : [rows, columns], new byte[rows * columns * (type == "F16" ? 2 : 4)]);
        using var folder = Folder("""{"quant_method":"gptq","bits":4,"group_size":32}""", [.. parts.Values]);
        Assert.Matches("does not fit|has no scale", Assert.Throws<ModelRefusedException>(() => Checkpoint.Open(folder.Path)).Message);
    }

    private enum BlockOf
    {
        Group,
        Rows,
    }

    private static void Check(ICheckpoint checkpoint, int outputs, Func<int, int, float> want, BlockOf blocks = BlockOf.Group)
    {
        var weight = checkpoint.Get("a.weight");
        Assert.Equal([outputs, Inputs], weight.Shape);
        var rows = new float[(outputs - 3) * Inputs];
        weight.Read(3, rows);
        for (var output = 3; output < outputs; output++)
            for (var input = 0; input < Inputs; input++) Assert.Equal(want(output, input), rows[(output - 3) * Inputs + input]);
        var carried = weight.Blocks ?? throw new InvalidOperationException("no blocks");
        Assert.Equal(blocks == BlockOf.Group ? Group : 128, carried.BlockSize);
        BlockCheck.Equal(weight, carried);
    }

    private (int[,] Values, int[,] Zeros, float[,] Scales) Random(int outputs, int groups, int bits)
    {
        var (values, zeros, scales) = (new int[outputs, Inputs], new int[outputs, groups], new float[outputs, groups]);
        for (var output = 0; output < outputs; output++)
        {
            for (var input = 0; input < Inputs; input++) values[output, input] = _random.Next(1 << bits);
            for (var group = 0; group < groups; group++) (zeros[output, group], scales[output, group]) = (_random.Next((1 << bits) - 1), (float)(Half)(_random.NextSingle() / 8));
        }
        return (values, zeros, scales);
    }

    private static TemporaryFolder Folder(string settings, params (string Name, string Type, long[] Shape, byte[] Data)[] tensors)
    {
        var folder = new TemporaryFolder();
        folder.Write("config.json", $$"""{"model_type":"toy","quantization_config":{{settings}}}""");
        folder.Safetensors("model.safetensors", tensors);
        return folder;
    }

    private static float[,] Transposed(float[,] matrix)
    {
        var turned = new float[matrix.GetLength(1), matrix.GetLength(0)];
        for (var row = 0; row < matrix.GetLength(0); row++)
            for (var column = 0; column < matrix.GetLength(1); column++) turned[column, row] = matrix[row, column];
        return turned;
    }

    private static byte[] Halves(float[,] numbers) => [.. numbers.Cast<float>().SelectMany(number => BitConverter.GetBytes((Half)number))];
    private static byte[] Bytes(uint[,] words) => [.. words.Cast<uint>().SelectMany(BitConverter.GetBytes)];
    private static byte[] Bytes(int[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];
    private static byte[] Bytes(float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];
}
