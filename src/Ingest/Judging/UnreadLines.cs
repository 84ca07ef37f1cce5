namespace ModelAtlas.Ingest.Judging;

/// <summary>Counts what could not be read, and remembers the first for the message.</summary>
public sealed class UnreadLines
{
    private readonly Lock _turn = new();

    public int Count { get; private set; }

    /// <summary>A sentence about the first one; null when there is none.</summary>
    public string? First { get; private set; }

    internal void Add(FileLine line, string reason)
    {
        lock (_turn)
        {
            Count++;
            First ??= $"Line {line.Number} of {line.File} {(line.TooLong ? "is too long" : reason)}.";
        }
    }
}
