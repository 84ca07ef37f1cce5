using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>Cosines and sines by position, once for each way to rotate.</summary>
internal sealed class RotaryTables(GraphBuilder graph, GraphInputs inputs, int context)
{
    private const int PieceRows = 256;

    private readonly Dictionary<string, (string Cosines, string Sines, string? Positions)> _made = new(StringComparer.Ordinal);

    /// <summary>The tables, and the rows of them that the tokens take where these are not their positions.</summary>
    public (string Cosines, string Sines, string? Positions) Of(RotaryDescription rotary)
    {
        if (_made.TryGetValue(rotary.Key, out var known)) return known;
        return _made[rotary.Key] = rotary switch
        {
            { Dynamic: { } growing } => Growing(rotary, growing),
            { Long: { } slow } => (Table("cosines", rotary, slow, Math.Cos), Table("sines", rotary, slow, Math.Sin), Switched(rotary)),
            _ => (Table("cosines", rotary, null, Math.Cos), Table("sines", rotary, null, Math.Sin), null),
        };
    }

    /// <summary>The second half of the table begins where texts are long.</summary>
    private string Switched(RotaryDescription rotary)
    {
        graph.Onnx.Note(OnnxNotes.TableSwitch, $"{rotary.LongAbove}");
        var offset = graph.Node("Where", [graph.Node("Greater", [inputs.Total, graph.Whole(rotary.LongAbove)]), graph.Whole(context), graph.Whole(0)]);
        return graph.Node("Add", [inputs.Positions, offset]);
    }

    private string Table(string word, RotaryDescription rotary, double[]? slow, Func<double, double> wave)
    {
        var (name, pairs) = (graph.Name(word), rotary.Frequencies.Length);
        var rows = slow is null ? context : 2 * context;
        graph.External(name, graph.RealType, [rows, pairs], (long)rows * pairs * graph.RealBytes, output =>
        {
            var piece = new float[Math.Min(PieceRows, rows) * pairs];
            var halves = new Half[graph.RealType == OnnxType.Half ? piece.Length : 0];
            for (var first = 0; first < rows; first += PieceRows)
            {
                graph.Cancellation.ThrowIfCancellationRequested();
                var count = Math.Min(PieceRows, rows - first);
                for (var row = 0; row < count; row++)
                {
                    var position = first + row;
                    var (frequencies, factor) = position < context ? (rotary.Frequencies, rotary.Factor) : (slow ?? [], rotary.LongFactor);
                    for (var i = 0; i < pairs; i++) piece[row * pairs + i] = (float)(wave(position % context * frequencies[i]) * factor);
                }
                if (graph.RealType == OnnxType.Half)
                {
                    TensorPrimitives.ConvertToHalf(piece.AsSpan(0, count * pairs), halves);
                    output.Write(MemoryMarshal.AsBytes(halves.AsSpan(0, count * pairs)));
                }
                else output.Write(MemoryMarshal.AsBytes(piece.AsSpan(0, count * pairs)));
            }
        });
        return name;
    }

    /// <summary>Made anew in each run: the base grows with the text.</summary>
    private (string, string, string?) Growing(RotaryDescription rotary, DynamicBase growing)
    {
        graph.Onnx.Note(OnnxNotes.TableGrows, $"{growing.Trained}");
        var (size, total) = (rotary.Size, graph.Node("Cast", [inputs.Total], ("to", (int)OnnxType.Float)));
        var length = graph.Node("Max", [total, graph.Real(growing.Trained)]);
        var stretched = graph.Node("Sub", [graph.Node("Mul", [length, graph.Real((float)(growing.Factor / growing.Trained))]), graph.Real((float)(growing.Factor - 1))]);
        var power = graph.Node("Mul", [graph.Node("Log", [stretched]), graph.Real((float)size / (size - 2))]);
        var logarithm = graph.Node("Add", [power, graph.Real((float)Math.Log(growing.Base))]);
        var exponents = graph.Reals(graph.Name("exponents"), [size / 2], [.. Enumerable.Range(0, size / 2).Select(i => -2f * i / size)]);
        var frequencies = graph.Node("Exp", [graph.Node("Mul", [logarithm, exponents])]);
        var angles = graph.Node("Mul", [graph.Node("Unsqueeze", [graph.Node("Cast", [inputs.Places], ("to", (int)OnnxType.Float)), graph.Wholes(1)]), frequencies]);
        return (graph.Multiply(graph.Node("Cos", [angles]), (float)rotary.Factor), graph.Multiply(graph.Node("Sin", [angles]), (float)rotary.Factor), null);
    }
}
