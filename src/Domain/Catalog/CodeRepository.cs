namespace ModelAtlas.Domain.Catalog;

/// <summary>A repository of source code that cards name, as it was last read. It says what code there is and under which licence; it never is the licence of weights.</summary>
public sealed class CodeRepository
{
    /// <summary>Such as <c>https://github.com/owner/name</c>, in lower case.</summary>
    public required string Url { get; init; }

    public string? LicensePath { get; init; }

    /// <summary>Null when there is none or it could not be read.</summary>
    public string? LicenseText { get; init; }

    /// <summary>Of its files those that are source code, at most <see cref="MostPaths"/>; empty when the list could not be had.</summary>
    public string[] Paths { get; init; } = [];

    /// <summary>Why less is known than could be, in words.</summary>
    public string? Issue { get; init; }

    public DateTime ReadAt { get; init; }

    public const int MostPaths = 500;
}

/// <summary>When the repositories that a model's card names were last looked up.</summary>
public sealed class ModelCodeVisit
{
    public int ModelId { get; init; }
    public DateTime VisitedAt { get; init; }
}
