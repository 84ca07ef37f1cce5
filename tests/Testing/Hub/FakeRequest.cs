namespace ModelAtlas.Testing.Hub;

/// <summary>One request that the fake hub got, and when.</summary>
public sealed record FakeRequest(DateTimeOffset At, string Path, string Query, int Status, IReadOnlyDictionary<string, string> Headers)
{
    public string? Authorization => Headers.GetValueOrDefault("Authorization");
    public string? UserAgent => Headers.GetValueOrDefault("User-Agent");
}
