namespace ModelAtlas.Ingest.Judging;

/// <summary>Counts what could not be read, and remembers the first for the message.</summary>
public sealed class UnreadLines
{
    private readonly Lock _turn = new();

    public int Count { get; private set; }

    /// <summary>A sentence about the first one; null when there is none.</summary>
    public string? First { get; private set; }

    internal void Add(FileLine line, string reason) => Add(line.File, line.Number, line.TooLong ? "is too long" : reason);

    internal void Add(string file, long number, string reason)
    {
        lock (_turn)
        {
            Count++;
            First ??= $"Line {number} of {file} {reason}.";
        }
    }
}
