using System.Text;
using System.Text.Json.Nodes;

namespace ModelAtlas.Testing.Hub;

/// <summary>An answer before it goes out; a fault may still spoil it.</summary>
public sealed record FakeAnswer(int Status, byte[] Body, string ContentType = "application/json; charset=utf-8")
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public static FakeAnswer Json(int status, string json) => new(status, Encoding.UTF8.GetBytes(json));

    public static FakeAnswer Text(string text) => new(200, Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");

    /// <summary>The hub's way: the text in the body and in a header, a code only sometimes.</summary>
    public static FakeAnswer Error(int status, string message, string? code = null)
    {
        var answer = Json(status, new JsonObject { ["error"] = message }.ToJsonString()) with { Headers = new() { ["X-Error-Message"] = message } };
        if (code is not null) answer.Headers["X-Error-Code"] = code;
        return answer;
    }

    public static FakeAnswer Redirect(string location, int status = 307) =>
        new(status, Encoding.UTF8.GetBytes($"Temporary Redirect. Redirecting to {location}"), "text/plain; charset=utf-8") { Headers = { ["Location"] = location } };

    public static FakeAnswer Missing(bool signedIn) =>
        signedIn ? Error(404, "Repository not found", "RepoNotFound") : Error(401, "Invalid username or password.");

    public static FakeAnswer Gated(string id, bool signedIn) =>
        Error(signedIn ? 403 : 401, $"Access to model {id} is restricted. You must have access to it and be authenticated to access it. Please log in.", "GatedRepo");

    public static FakeAnswer Disabled => Error(403, "Access to this resource is disabled.");
}
