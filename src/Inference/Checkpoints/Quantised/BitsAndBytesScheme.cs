using System.Text.Json;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>4-bit weights with a description in JSON beside each, and 8-bit ones with the largest magnitude of each row.</summary>
internal static class BitsAndBytesScheme
{
    private const int LongestState = 65536;

    public static void Take(TensorPool pool)
    {
        foreach (var type in new[] { "nf4", "fp4" })
            foreach (var name in pool.Before(".weight.quant_state.bitsandbytes__" + type))
                pool.Made[name + ".weight"] = FourBit(pool, name + ".weight", pool.Take($"{name}.weight.quant_state.bitsandbytes__{type}"), type == "nf4" ? StoredType.Nf4 : StoredType.Fp4);
        foreach (var name in pool.Before(".SCB"))
        {
            var (stored, maxima) = (pool.Take(name + ".weight"), pool.Take(name + ".SCB"));
            pool.TryTake(name + ".weight_format");
            if (stored is not { Type: StoredType.I8, Shape: [var outputs, > 0 and <= 1 << 24 and var inputs] }) throw pool.Odd(stored);
            pool.Expect(maxima, outputs);
            pool.Made[name + ".weight"] = new ByteWeight(new(outputs, (int)inputs, 8, 1), stored, maxima, null, 127);
        }
    }

    private static FourBitWeight FourBit(TensorPool pool, string name, StoredTensor description, StoredType type)
    {
        if (description is not { Type: StoredType.U8, Length: <= LongestState }) throw pool.Odd(description);
        var bytes = new byte[description.Length];
        description.ReadBytes(0, bytes);
        var state = Parse(bytes, description);
        var (stored, table, maxima) = (pool.Take(name), pool.Take(name + ".quant_map"), pool.Take(name + ".absmax"));
        var block = state.Whole("blocksize") is >= 2 and <= 65536 and var size ? (int)size : throw Odd(description);
        if (state.Numbers("shape") is not [> 0 and <= 1L << 32 and var outputs, > 0 and <= 1 << 24 and var inputs]) throw Odd(description);
        var count = outputs * inputs;
        if (stored.Length - (count + 1) / 2 is < 0 or > 7) throw pool.Odd(stored); // bytes, or any other numbers that hold as many
        var values = new float[16];
        pool.Expect(table, 16).ReadNumbers(0, values);
        var blocks = (count + block - 1) / block;
        pool.Expect(maxima, blocks);
        var (nestedTable, nested) = (pool.TryTake(name + ".nested_quant_map"), pool.TryTake(name + ".nested_absmax"));
        if (nested is null != nestedTable is null) throw pool.Odd(maxima);
        var nestedBlock = 1;
        if (nested is not null && nestedTable is not null)
        {
            nestedBlock = state.Whole("nested_blocksize") is >= 1 and <= 65536 and var nestedSize ? (int)nestedSize : throw Odd(description);
            if (maxima.Type != StoredType.U8) throw pool.Odd(maxima);
            pool.Expect(nestedTable, 256);
            pool.Expect(nested, (blocks + nestedBlock - 1) / nestedBlock);
        }
        return new([outputs, inputs], type, stored, values, new(maxima, nestedTable, nested, nestedBlock, (float)(state.Real("nested_offset") ?? 0)), block);
    }

    private static JsonElement? Parse(byte[] bytes, StoredTensor description)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes, new() { MaxDepth = 16 });
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw Odd(description);
        }
    }

    private static ModelRefusedException Odd(StoredTensor description) => new($"{description.File.Path} describes a quantised weight in {OnnxReader.Shown(description.Name)} in a way that cannot be: fetch the model again.");
}
