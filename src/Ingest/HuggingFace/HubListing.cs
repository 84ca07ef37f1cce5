using System.Globalization;

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
    private const string Limit = "limit=";

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

    /// <summary>How many rows a question asks for; null when it does not say.</summary>
    public static int? LimitOf(string question) =>
        question.Split('?', '&').FirstOrDefault(IsLimit) is { } part && int.TryParse(part.AsSpan(Limit.Length), CultureInfo.InvariantCulture, out var limit) ? limit : null;

    /// <summary>The same question for another number of rows.</summary>
    public static string WithLimit(string question, int limit)
    {
        if (LimitOf(question) is null || question.Split('?', 2) is not [var path, var query]) return question;
        return $"{path}?{string.Join('&', query.Split('&').Select(part => IsLimit(part) ? $"{Limit}{limit}" : part))}";
    }

    private static bool IsLimit(string part) => part.StartsWith(Limit, StringComparison.Ordinal);
}
