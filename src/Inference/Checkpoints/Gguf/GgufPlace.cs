namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>Where the Hub's rows of a tensor lie among those of the file.</summary>
/// <param name="FirstRow">Where in a stack of tensors this one begins.</param>
/// <param name="HeadSize">Not 0: within each head the file has the two halves of the rotary pairs side by side, the Hub one behind the other.</param>
/// <param name="Added">What every value needs on top: norms that the file stores plus one.</param>
internal readonly record struct GgufPlace(long FirstRow = 0, int HeadSize = 0, float Added = 0)
{
    public bool IsPlain => HeadSize == 0 && Added == 0;

    public long Of(long row)
    {
        if (HeadSize == 0) return FirstRow + row;
        var (head, within) = Math.DivRem(row, HeadSize);
        return FirstRow + head * HeadSize + within % (HeadSize / 2) * 2 + within / (HeadSize / 2);
    }
}
