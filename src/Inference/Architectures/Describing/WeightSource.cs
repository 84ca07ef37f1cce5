using ModelAtlas.Inference.Checkpoints;

namespace ModelAtlas.Inference.Architectures.Describing;

/// <summary>Where the graph's matrices come from: rows of outputs, each as wide as the inputs. A bias is a matrix of width one. Which of a checkpoint's numbers, in what order.</summary>
internal abstract record WeightSource(long Rows, int Width)
{
    /// <summary>The names of the tensors it reads.</summary>
    public abstract IEnumerable<string> Names { get; }

    /// <summary>Whole rows from one on, as float32.</summary>
    public abstract void Read(ICheckpoint checkpoint, long row, Span<float> into);

    /// <summary>Complains of tensors that are missing or of another shape.</summary>
    public abstract void Check(ICheckpoint checkpoint);

    /// <summary>The stored blocks of rows from one on, piece by piece; false where any is not stored in blocks.</summary>
    public virtual bool AddBlocks(ICheckpoint checkpoint, long first, long count, List<(BlockWeights Of, long First, long Count)> runs) => false;

    /// <summary>Where rows lie in a file one behind the other, as they are read and in a type that a graph can point at; null where they do not.</summary>
    public virtual (FileRange Range, StoredType Type)? Place(ICheckpoint checkpoint, long first, long count) => null;

    /// <summary>The stored blocks of all rows; null where they are not stored in blocks, or not all alike.</summary>
    public BlockWeights? Blocks(ICheckpoint checkpoint)
    {
        var runs = new List<(BlockWeights Of, long First, long Count)>();
        return AddBlocks(checkpoint, 0, Rows, runs) && runs.Count > 0 ? ComposedBlocks.Make(runs) : null;
    }

    public WeightSource Part(long first, long count) => first == 0 && count == Rows ? this : new RowRange(this, first, count);

    /// <summary>Rows in another order; -1 is a row of zeros.</summary>
    public WeightSource Pick(int[] order) => new PickedRows(this, order);

    public static WeightSource Stack(params IReadOnlyList<WeightSource> parts) => parts is [var only] ? only : new StackedRows(parts);
}

/// <summary>A tensor whose last dimension is the inputs and whose other dimensions are rows one below the other.</summary>
internal sealed record StoredRows(string Name, long[] Shape, int Inputs) : WeightSource(Shape.Aggregate(1L, (product, size) => product * size) / Inputs, Inputs)
{
    public override IEnumerable<string> Names => [Name];

    public override void Check(ICheckpoint checkpoint) => WeightShape.Check(checkpoint, Name, Shape);

    public override bool AddBlocks(ICheckpoint checkpoint, long first, long count, List<(BlockWeights Of, long First, long Count)> runs)
    {
        if (checkpoint.Get(Name).Blocks is not { } blocks || blocks.Columns != Width) return false;
        runs.Add((blocks, first, count));
        return true;
    }

    public override (FileRange Range, StoredType Type)? Place(ICheckpoint checkpoint, long first, long count)
    {
        var weight = checkpoint.Get(Name);
        if (weight.Raw is not { } raw) return null;
        var row = (long)Width * StoredNumbers.Size(weight.Type);
        return (new(raw.Path, raw.Offset + first * row, count * row), weight.Type);
    }

    public override void Read(ICheckpoint checkpoint, long row, Span<float> into)
    {
        var weight = checkpoint.Get(Name);
        if (weight.RowLength == Width)
        {
            weight.Read(row, into);
            return;
        }
        // Several of our rows lie in one of the tensor's: experts, or a bias of any number of dimensions.
        var held = (int)(weight.RowLength / Width);
        var whole = new float[weight.RowLength];
        for (var at = 0; at < into.Length / Width;)
        {
            var (outer, inner) = ((row + at) / held, (int)((row + at) % held));
            var count = Math.Min(held - inner, into.Length / Width - at);
            if (inner == 0 && count == held) weight.Read(outer, into.Slice(at * Width, count * Width));
            else
            {
                weight.Read(outer, whole);
                whole.AsSpan(inner * Width, count * Width).CopyTo(into[(at * Width)..]);
            }
            at += count;
        }
    }
}

/// <summary>A tensor that is stored the other way round, inputs by outputs, or a stack of such; one matrix is held turned while its rows are read.</summary>
internal sealed record TransposedRows(string Name, long[] Shape) : WeightSource(Shape.Aggregate(1L, (product, size) => product * size) / Shape[^2], (int)Shape[^2])
{
    private const int Strip = 32;

    private (ICheckpoint Of, long Slice, float[] Numbers)? _held;

    public override IEnumerable<string> Names => [Name];

    public override void Check(ICheckpoint checkpoint) => WeightShape.Check(checkpoint, Name, Shape);

    public override void Read(ICheckpoint checkpoint, long row, Span<float> into)
    {
        var outputs = (int)Shape[^1];
        for (var at = 0; at < into.Length / Width; at++)
        {
            var (slice, output) = ((row + at) / outputs, (int)((row + at) % outputs));
            var numbers = Slice(checkpoint, slice, outputs);
            numbers.AsSpan(output * Width, Width).CopyTo(into[(at * Width)..]);
        }
    }

    /// <summary>One matrix of the stack, turned round.</summary>
    private float[] Slice(ICheckpoint checkpoint, long slice, int outputs)
    {
        lock (Shape)
        {
            if (_held is { } held && held.Of == checkpoint && held.Slice == slice) return held.Numbers;
            _held = null;
            var (weight, turned) = (checkpoint.Get(Name), new float[(long)outputs * Width]);
            if (Shape.Length == 2)
            {
                var strip = new float[(long)Strip * outputs]; // not all of the stored matrix beside the turned one
                for (var first = 0; first < Width; first += Strip)
                {
                    var rows = Math.Min(Strip, Width - first);
                    weight.Read(first, strip.AsSpan(0, rows * outputs));
                    Turn(strip, turned, first, rows, outputs);
                }
            }
            else
            {
                var stored = new float[(long)outputs * Width];
                weight.Read(slice, stored);
                for (var first = 0; first < Width; first += Strip) Turn(stored.AsSpan(first * outputs), turned, first, Math.Min(Strip, Width - first), outputs);
            }
            _held = (checkpoint, slice, turned);
            return turned;
        }
    }

    /// <summary>Some inputs at a time, so that both sides stay in the cache.</summary>
    private void Turn(ReadOnlySpan<float> stored, float[] turned, int first, int rows, int outputs)
    {
        for (var output = 0; output < outputs; output++)
            for (var row = 0; row < rows; row++) turned[(long)output * Width + first + row] = stored[row * outputs + output];
    }
}

internal sealed record RowRange(WeightSource Of, long First, long Count) : WeightSource(Count, Of.Width)
{
    public override IEnumerable<string> Names => Of.Names;
    public override void Check(ICheckpoint checkpoint) => Of.Check(checkpoint);
    public override (FileRange Range, StoredType Type)? Place(ICheckpoint checkpoint, long first, long count) => Of.Place(checkpoint, First + first, count);
    public override bool AddBlocks(ICheckpoint checkpoint, long first, long count, List<(BlockWeights Of, long First, long Count)> runs) => Of.AddBlocks(checkpoint, First + first, count, runs);
    public override void Read(ICheckpoint checkpoint, long row, Span<float> into) => Of.Read(checkpoint, First + row, into);
}

internal sealed record StackedRows(IReadOnlyList<WeightSource> Parts) : WeightSource(Parts.Sum(part => part.Rows), Parts[0].Width)
{
    public override IEnumerable<string> Names => Parts.SelectMany(part => part.Names);

    public override void Check(ICheckpoint checkpoint)
    {
        foreach (var part in Parts) part.Check(checkpoint);
    }

    public override bool AddBlocks(ICheckpoint checkpoint, long first, long count, List<(BlockWeights Of, long First, long Count)> runs)
    {
        foreach (var part in Parts)
        {
            var taken = Math.Clamp(part.Rows - first, 0, count);
            if (taken > 0 && !part.AddBlocks(checkpoint, first, taken, runs)) return false;
            (first, count) = (Math.Max(0, first - part.Rows), count - taken);
        }
        return true;
    }

    public override void Read(ICheckpoint checkpoint, long row, Span<float> into)
    {
        foreach (var part in Parts)
        {
            if (into.IsEmpty) return;
            if (row < part.Rows)
            {
                var count = (int)Math.Min(part.Rows - row, into.Length / Width);
                part.Read(checkpoint, row, into[..(count * Width)]);
                into = into[(count * Width)..];
                row = 0;
            }
            else row -= part.Rows;
        }
    }
}

internal sealed record PickedRows(WeightSource Of, int[] Order) : WeightSource(Order.Length, Of.Width)
{
    private const int MostRuns = 1 << 16;

    public override IEnumerable<string> Names => Of.Names;
    public override void Check(ICheckpoint checkpoint) => Of.Check(checkpoint);

    public override bool AddBlocks(ICheckpoint checkpoint, long first, long count, List<(BlockWeights Of, long First, long Count)> runs)
    {
        for (long at = first; at < first + count;)
        {
            var (start, length) = (Order[at], 1L);
            while (at + length < first + count && Order[at + length] == start + length) length++;
            if (start < 0 || runs.Count > MostRuns || !Of.AddBlocks(checkpoint, start, length, runs)) return false;
            at += length;
        }
        return true;
    }

    public override void Read(ICheckpoint checkpoint, long row, Span<float> into)
    {
        for (var at = 0; at < into.Length / Width;)
        {
            var first = Order[row + at];
            var count = 1;
            while (at + count < into.Length / Width && first >= 0 && Order[row + at + count] == first + count) count++;
            var target = into.Slice(at * Width, count * Width);
            if (first < 0) target.Clear();
            else Of.Read(checkpoint, first, target);
            at += count;
        }
    }
}

/// <summary>Numbers that no file holds: the ones of a norm without weights, zeros of a bias that a neighbour has.</summary>
internal sealed record ConstantRows(long Rows, int Width, float Value) : WeightSource(Rows, Width)
{
    public override IEnumerable<string> Names => [];
    public override void Check(ICheckpoint checkpoint) { }
    public override void Read(ICheckpoint checkpoint, long row, Span<float> into) => into.Fill(Value);
}

/// <summary>Every number times a factor, plus another.</summary>
internal sealed record ShiftedRows(WeightSource Of, float Factor, float Plus) : WeightSource(Of.Rows, Of.Width)
{
    public override IEnumerable<string> Names => Of.Names;
    public override void Check(ICheckpoint checkpoint) => Of.Check(checkpoint);

    public override void Read(ICheckpoint checkpoint, long row, Span<float> into)
    {
        Of.Read(checkpoint, row, into);
        foreach (ref var number in into) number = number * Factor + Plus;
    }
}
