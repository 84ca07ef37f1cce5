namespace ModelAtlas.Inference.Models;

/// <summary>A model that cannot run here, or a prompt it cannot take. One sentence that names the thing and the remedy.</summary>
public sealed class ModelRefusedException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>It would run where more memory is free.</summary>
    public bool LacksMemory { get; init; }
}
