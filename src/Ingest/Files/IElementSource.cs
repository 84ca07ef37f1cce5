namespace ModelAtlas.Ingest.Files;

/// <summary>The rows of a file as JSON objects in the hub's shape, whatever the file is made of.</summary>
internal interface IElementSource : IDisposable
{
    /// <summary>How many were read.</summary>
    long Count { get; }

    /// <summary>Where the last element stands, for a person.</summary>
    string Position { get; }

    /// <summary>How much of the file has been read, from 0 to 1.</summary>
    double Place { get; }

    /// <summary>The next element, valid until the next call; false at the end of the file.</summary>
    /// <param name="length">Its true length, above the element's when that was too long to keep.</param>
    bool TryRead(out ReadOnlyMemory<byte> element, out long length);
}
