using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ModelAtlas.Inference.Models;

/// <summary>A decoder over an ONNX Runtime session: what <see cref="ModelPackage"/> found, bound once and run again and again.</summary>
public sealed class OrtDecoder : IDecoder
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _run = new();
    private readonly IKeyValueCache _cache;
    private readonly TokenInput _ids;
    private readonly TokenInput? _mask;
    private readonly TokenInput? _positions;
    private readonly LogitsOutput _logits;
    private readonly FlagInput? _keep;
    private readonly FlagInput? _useCache;
    private readonly Sequence[] _sequences;
    private readonly int? _tableSwitch;
    private readonly int? _tableGrows;
    private readonly bool _onePass;
    private readonly bool _onGpu;
    private readonly ReadingPace _pace;

    internal OrtDecoder(ModelPackage package, InferenceSession session, IKeyValueCache cache, int slots, bool onGpu)
    {
        _session = session;
        _binding = session.CreateIoBinding();
        var ports = package.Ports;
        _cache = cache;
        (Vocabulary, Context, Slots) = (package.Vocabulary, Math.Min(package.Context, cache.Capacity), slots);
        CanBatch = ports.CanBatch && _cache.Batches;
        _ids = new(ports.Ids, onGpu);
        _mask = ports.Mask is { } mask ? new(mask, onGpu) : null;
        _positions = ports.Positions is { } positions ? new(positions, onGpu) : null;
        _logits = new(ports.Logits, Vocabulary);
        _keep = ports.LogitsToKeep is { } keep ? FlagInput.Whole(keep.Name, keep.Shape.Count) : null;
        _useCache = ports.UseCache is { } branch ? FlagInput.Bool(branch.Name) : null;
        _sequences = [.. Enumerable.Range(0, slots).Select(_ => new Sequence())];
        _tableSwitch = package.File.Graph.TableSwitch is >= 0 and <= int.MaxValue and var above ? (int)above : null;
        _tableGrows = package.File.Graph.TableGrows is <= int.MaxValue and var trained ? (int)trained : null;
        _onePass = package.File.Graph.HasUnknownBranch && _useCache is null;
        _onGpu = onGpu;
        _pace = new(package, onGpu);
    }

    public int Vocabulary { get; }
    public int Context { get; }
    public int Slots { get; }

    public int Chunk(int length) => _onePass ? Context : _pace.Chunk(length, wholeLogits: !GivesLastOnly && _keep is null);

    /// <summary>True when the graph computes the logits of the last token only.</summary>
    internal bool GivesLastOnly { get; init; }

    /// <summary>True when <see cref="Advance"/> runs several slots at once, not one after the other.</summary>
    public bool CanBatch { get; }

    public ReadOnlySpan<int> Tokens(int slot) => _sequences[slot].Tokens;

    public ReadOnlySpan<float> Append(int slot, ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        Check(_sequences[slot].Length, tokens);
        var sequence = _sequences[slot];
        var goal = sequence.Length + tokens.Length;
        if (MustReread(sequence.Length, goal))
        {
            int[] whole = [.. sequence.Tokens, .. tokens];
            Truncate(slot, 0);
            return Append(slot, whole, cancellationToken);
        }
        var chunk = Chunk(goal);
        while (true)
        {
            var part = tokens[..Math.Min(tokens.Length, chunk)];
            tokens = tokens[part.Length..];
            Run(slot, 1, part, goal, all: false, cancellationToken);
            if (tokens.IsEmpty) return _logits.Read(_keep is null && !GivesLastOnly ? part.Length - 1 : 0, 1);
        }
    }

    public ReadOnlySpan<float> AppendForAll(int slot, ReadOnlySpan<int> tokens, int goal, CancellationToken cancellationToken)
    {
        Check(_sequences[slot].Length, tokens);
        if (GivesLastOnly) throw new InvalidOperationException("The model was loaded for its last logits only.");
        if (tokens.Length > Chunk(goal)) throw new ArgumentOutOfRangeException(nameof(tokens), $"At most {Chunk(goal)} tokens at once.");
        Run(slot, 1, tokens, goal, all: true, cancellationToken);
        return _logits.Read(0, tokens.Length);
    }

    public ReadOnlySpan<float> Advance(int first, ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        if (tokens.Length == 1) return Append(first, tokens, cancellationToken);
        if (!CanBatch) throw new InvalidOperationException("This graph runs one sequence at a time.");
        for (var i = 0; i < tokens.Length; i++) Check(_sequences[first + i].Length, tokens.Slice(i, 1));
        Run(first, tokens.Length, tokens, 0, all: false, cancellationToken);
        return _logits.Read(0, tokens.Length);
    }

    public int Truncate(int slot, int length)
    {
        var sequence = _sequences[slot];
        if (length >= sequence.Length) return sequence.Length;
        if (_onePass || !_cache.CanCut || (_tableSwitch is { } above && sequence.Length > above && length <= above) || sequence.Length > _tableGrows) length = 0;
        _cache.Truncate(slot, length);
        sequence.Length = length;
        return length;
    }

    public void Copy(int source, int target)
    {
        if (source == target) return;
        if (!_cache.CanCopy)
        {
            Truncate(target, 0);
            Append(target, _sequences[source].Tokens, CancellationToken.None);
            return;
        }
        _cache.Copy(source, target, _sequences[source].Length);
        _sequences[target].Take(_sequences[source]);
    }

    public void Dispose()
    {
        _binding.Dispose();
        _cache.Dispose();
        _ids.Dispose();
        _mask?.Dispose();
        _positions?.Dispose();
        _logits.Dispose();
        _keep?.Dispose();
        _useCache?.Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    /// <summary>A graph that chooses its rotary table by the length of the text has to read what it read with the other table again.</summary>
    private bool MustReread(int length, int goal) =>
        length > 0 && ((_onePass && goal - length > 1) || (_tableSwitch is { } above && length <= above && goal > above));

    /// <summary>Refuses a prompt that could not be read, before it waits in line.</summary>
    public void CheckPrompt(IReadOnlyList<int> prompt) => Check(0, [.. prompt]);

    private void Check(int held, ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty) throw new ModelRefusedException("The prompt holds no token: give some text or ids.");
        foreach (var token in tokens)
            if ((uint)token >= (uint)Vocabulary) throw new ModelRefusedException($"Token {token} is beyond the model's vocabulary of {Vocabulary}: its tokenizer and its weights are of different models, or the id is a slip.");
        if (held + tokens.Length > Context)
            throw new ModelRefusedException($"The prompt would make {held + tokens.Length} tokens, but the model reads at most {Context}: shorten it.");
    }

    /// <param name="tokens">Row by row, the same number for each.</param>
    /// <param name="goal">Length of the sequence when all chunks of a prompt are read; 0 for several rows.</param>
    private void Run(int first, int rows, ReadOnlySpan<int> tokens, int goal, bool all, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var width = tokens.Length / rows;
        var longest = 0;
        for (var row = 0; row < rows; row++) longest = Math.Max(longest, _sequences[first + row].Length + width);
        _ids.Shape(rows, width);
        for (var i = 0; i < tokens.Length; i++) _ids.Set(i, tokens[i]);
        _ids.Bind(_binding);
        if (_positions is not null)
        {
            _positions.Shape(rows, width);
            for (var i = 0; i < tokens.Length; i++) _positions.Set(i, _sequences[first + i / width].Length + i % width);
            _positions.Bind(_binding);
        }
        ShapeMask(first, rows, width, longest, goal);
        _keep?.Set(_binding, all ? 0 : 1);
        _useCache?.Set(_binding, _sequences[first].Length > 0 ? 1 : 0);
        _cache.Bind(_binding, first, rows, _sequences[first].Length, longest, Math.Max(longest, goal));
        _logits.Shape(_binding, rows, (_keep is null && !GivesLastOnly) || all ? width : 1);
        Execute(cancellationToken);
        _cache.Keep(_binding, first);
        for (var row = 0; row < rows; row++) _sequences[first + row].Add(tokens.Slice(row * width, width));
    }

    /// <summary>Ones for what a row holds, zeros up to the longest. Where the rotary table depends on the width, it is that of the whole prompt from its first chunk on.</summary>
    private void ShapeMask(int first, int rows, int width, int longest, int goal)
    {
        if (_mask is null) return;
        if (_tableSwitch is { } above && goal > above && longest <= above) longest = above + 1;
        if (goal > _tableGrows) longest = Math.Max(longest, goal);
        _mask.Shape(rows, longest);
        for (var row = 0; row < rows; row++)
        {
            var own = _sequences[first + row].Length + width;
            _mask.Fill(row * longest, own, 1);
            _mask.Fill(row * longest + own, longest - own, 0);
        }
        _mask.Bind(_binding);
    }

    private void Execute(CancellationToken cancellationToken)
    {
        using var stop = cancellationToken.UnsafeRegister(static run => ((RunOptions?)run)?.Terminate = true, _run);
        try
        {
            _session.RunWithBinding(_run, _binding);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OnnxRuntimeException failure) when (OrtFailure.LacksMemory(failure))
        {
            throw new ModelRefusedException($"The memory of the {(_onGpu ? "GPU" : "model's process")} is full ({OrtFailure.OneLine(failure)}): make the text shorter, or choose a smaller model.", failure) { LacksMemory = true };
        }
        catch (OnnxRuntimeException failure)
        {
            throw new ModelRefusedException($"The model failed while it ran ({OrtFailure.OneLine(failure)}): its graph does not fit its inputs.", failure);
        }
        finally
        {
            stop.Dispose(); // no flag may be set behind the next line
            _run.Terminate = false;
        }
    }

    /// <summary>The tokens of a slot.</summary>
    private sealed class Sequence
    {
        private int[] _tokens = new int[64];

        public int Length { get; set; }
        public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Length);

        public void Add(ReadOnlySpan<int> tokens)
        {
            if (Length + tokens.Length > _tokens.Length) Array.Resize(ref _tokens, Math.Max(Length + tokens.Length, _tokens.Length * 2));
            tokens.CopyTo(_tokens.AsSpan(Length));
            Length += tokens.Length;
        }

        public void Take(Sequence other)
        {
            Length = 0;
            Add(other.Tokens);
        }
    }

    /// <summary>An input of one number.</summary>
    private sealed class FlagInput : IDisposable
    {
        private readonly NativeBuffer _buffer = new(sizeof(long));
        private readonly OrtValue _value;
        private readonly bool _wide;

        private readonly string _name;

        private FlagInput(string name, TensorElementType type, long[] shape)
        {
            (_name, _wide) = (name, type == TensorElementType.Int64);
            _value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, _buffer.At(0), _wide ? sizeof(long) : sizeof(bool));
        }

        public static FlagInput Whole(string name, int dimensions) => new(name, TensorElementType.Int64, dimensions == 0 ? [] : [1]);

        public static FlagInput Bool(string name) => new(name, TensorElementType.Bool, [1]);

        public void Set(OrtIoBinding binding, int value)
        {
            if (_wide) _buffer.Span<long>(0, 1)[0] = value;
            else _buffer.Span<byte>(0, 1)[0] = (byte)value;
            binding.BindInput(_name, _value);
        }

        public void Dispose()
        {
            _value.Dispose();
            _buffer.Dispose();
        }
    }
}
