using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ModelAtlas.Testing.Hub;

/// <summary><c>GET /api/models</c> and <c>/api/datasets</c>: sorted, paged by keyset cursors in the hub's own notation.</summary>
internal static class FakeListing
{
    private const string Expandable =
        " author baseModels cardData childrenModelCount citation config createdAt description disabled downloads downloadsAllTime evalResults gated gguf inference "
        + "inferenceProviderMapping lastModified library_name likes mainSize mask_token model-index paperswithcode_id pipeline_tag private resourceGroup safetensors sha "
        + "siblings spaces tags transformersInfo trendingScore usedStorage widgetData xetEnabled ";

    public static FakeAnswer Answer(FakeRepos repos, HttpRequest request, int largestPage)
    {
        var query = request.Query;
        string[] expand = [.. query["expand[]"].Concat(query["expand"]).OfType<string>()];
        if (expand.FirstOrDefault(field => !Expandable.Contains($" {field} ", StringComparison.Ordinal)) is { } unknown)
            return FakeAnswer.Error(400, $"Invalid option \"{unknown}\": expected one of{Expandable}");

        var sort = (string?)query["sort"] ?? "trendingScore";
        var sorted = repos.SortedBy(sort);
        var from = 0;
        if ((string?)query["cursor"] is { } cursor)
        {
            if (Read(cursor, sort) is not { } last) return FakeAnswer.Error(400, "Invalid cursor");
            from = FirstAfter(sorted, sort, last);
        }
        var limit = int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var asked) ? asked : largestPage;
        var page = sorted.AsSpan(from, Math.Min(Math.Clamp(limit, 1, largestPage), sorted.Length - from));
        var answer = new FakeAnswer(200, FakeRow.List(page, expand));
        if (from + page.Length < sorted.Length)
            answer.Headers["Link"] = $"<http://{request.Host}{request.Path}{Next(request, sort, page[^1])}>; rel=\"next\"";
        return answer;
    }

    private static string Next(HttpRequest request, string sort, FakeRepo last)
    {
        var key = FakeRepos.KeyOf(last, sort);
        var shown = sort == "trendingScore" ? key.ToString(CultureInfo.InvariantCulture) : $"\"{FakeRepo.Iso(DateTimeOffset.FromUnixTimeMilliseconds(key).UtcDateTime)}\"";
        var filter = $$$"""{"$or":[{"{{{sort}}}":{{{shown}}},"_id":{"$gt":"{{{last.HubId}}}"}},{"{{{sort}}}":{"$lt":{{{shown}}}}},{"{{{sort}}}":null}]}""";
        var kept = request.QueryString.Value?.TrimStart('?').Split('&').Where(part => !part.StartsWith("cursor=", StringComparison.Ordinal)) ?? [];
        return $"?{string.Join('&', kept)}&cursor={Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(filter)))}";
    }

    private static (long Key, string HubId)? Read(string cursor, string sort)
    {
        try
        {
            using var filter = JsonDocument.Parse(Convert.FromBase64String(cursor));
            var last = filter.RootElement.GetProperty("$or")[0];
            var key = last.GetProperty(sort);
            var value = key.ValueKind == JsonValueKind.Number ? key.GetInt64() : key.GetDateTimeOffset().ToUnixTimeMilliseconds();
            return (value, last.GetProperty("_id").GetProperty("$gt").GetString() ?? "");
        }
        catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static int FirstAfter(FakeRepo[] sorted, string sort, (long Key, string HubId) last)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (FakeRepos.Compare((FakeRepos.KeyOf(sorted[middle], sort), sorted[middle].HubId), last) <= 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
