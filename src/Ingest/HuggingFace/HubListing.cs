namespace ModelAtlas.Ingest.HuggingFace;

public enum HubRepoKind
{
    Models,
    Datasets,
}

/// <summary>Creation never changes, so a keyset cursor over it meets every row; modification finds what is new.</summary>
public enum HubSort
{
    CreatedAt,
    LastModified,
    TrendingScore,
}

/// <summary>The questions a listing starts with. Their answer's <c>Link</c> is the next question, as given.</summary>
public static class HubListing
{
    private static readonly string[] ModelFields =
    [
        "author", "baseModels", "cardData", "createdAt", "disabled", "downloads", "gated", "gguf", "lastModified", "library_name", "likes",
        "pipeline_tag", "private", "safetensors", "sha", "siblings", "tags", "trendingScore",
    ];

    private static readonly string[] DatasetFields =
        ["author", "cardData", "createdAt", "disabled", "downloads", "gated", "lastModified", "likes", "private", "sha", "tags"];

    /// <summary>Path and query of the first page, relative to the endpoint.</summary>
    public static string First(HubRepoKind kind, HubSort sort, int limit)
    {
        var (path, fields) = kind == HubRepoKind.Models ? ("api/models", ModelFields) : ("api/datasets", DatasetFields);
        var key = sort switch { HubSort.CreatedAt => "createdAt", HubSort.LastModified => "lastModified", _ => "trendingScore" };
        return $"{path}?limit={limit}&sort={key}{string.Concat(fields.Select(field => $"&expand[]={field}"))}";
    }

    /// <summary>The same question for fewer rows; null when it asks for no more than <paramref name="limit"/> already.</summary>
    public static string? Smaller(string question, int limit)
    {
        var cut = question.IndexOf('?', StringComparison.Ordinal);
        if (cut < 0) return null;
        var parts = question[(cut + 1)..].Split('&');
        var at = Array.FindIndex(parts, part => part.StartsWith("limit=", StringComparison.Ordinal));
        if (at < 0 || !int.TryParse(parts[at].AsSpan("limit=".Length), out var asked) || asked <= limit) return null;
        parts[at] = $"limit={limit}";
        return $"{question[..cut]}?{string.Join('&', parts)}";
    }
}
