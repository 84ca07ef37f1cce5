using Microsoft.ML.OnnxRuntime;

namespace ModelAtlas.Inference.Models;

/// <summary>Where the keys and values of the tokens read so far are kept, and how they get into a run and out of it.</summary>
internal interface IKeyValueCache : IDisposable
{
    /// <summary>True when several slots may be in one run.</summary>
    bool Batches { get; }

    /// <summary>Gives the binding the past of the slots and a place for what comes out.</summary>
    /// <param name="length">Tokens that the first slot holds.</param>
    /// <param name="longest">Tokens that the longest will hold after the run.</param>
    /// <param name="goal">Tokens that it is known to get.</param>
    void Bind(OrtIoBinding binding, int first, int rows, int length, int longest, int goal);

    /// <summary>Takes what came out of the run.</summary>
    void Keep(OrtIoBinding binding, int first);

    /// <summary>Most tokens of a slot.</summary>
    int Capacity { get; }

    /// <summary>True when the last tokens of a slot can be dropped alone, not only all of them.</summary>
    bool CanCut { get; }

    /// <summary>True when one slot can be made to hold what another does; the memory of a device is out of reach.</summary>
    bool CanCopy { get; }

    void Truncate(int slot, int length);

    void Copy(int source, int target, int length);
}
