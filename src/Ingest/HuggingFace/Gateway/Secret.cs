namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>A credential. Printing, logging, interpolating or serialising it gives <c>***</c> or nothing; only <see cref="Reveal"/> gives the value.</summary>
public sealed class Secret(string value)
{
    public string Reveal() => value;

    public override string ToString() => "***";
}
