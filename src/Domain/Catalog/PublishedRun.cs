namespace ModelAtlas.Domain.Catalog;

/// <summary>A text of the playground that its maker shows to others, with all that is needed to make it again.</summary>
public sealed class PublishedRun
{
    /// <summary>Random, so that only who was given the address finds it.</summary>
    public required string Id { get; init; }

    /// <summary>The account or browser that may delete it.</summary>
    public required string Owner { get; init; }

    public required string Model { get; init; }

    /// <summary>Commit of the model's files; null for the one that comes with the program, and for one of another host.</summary>
    public string? Revision { get; init; }

    public string? Device { get; init; }

    /// <summary>The prompt as it was written.</summary>
    public required string Prompt { get; init; }

    public bool IsChat { get; init; }

    /// <summary>Parameters, texts and figures, as JSON.</summary>
    public required string Document { get; init; }

    public DateTime CreatedAt { get; init; }
}
