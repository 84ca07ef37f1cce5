using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ModelAtlas.Testing.Hub;

/// <summary>One repository: its info, its file tree, its raw files.</summary>
internal static class FakeDetail
{
    public static FakeAnswer Info(FakeRepos repos, string kind, string id, bool signedIn) =>
        Lookup(repos, id, signedIn, to => $"/api/{kind}/{to}", Whole);

    public static FakeAnswer Tree(FakeRepos repos, string kind, string id, string revision, bool signedIn) =>
        Lookup(repos, id, signedIn, to => $"/api/{kind}/{to}/tree/{revision}", repo => Files(repo, revision));

    public static FakeAnswer Raw(FakeRepos repos, string id, string revision, string path, bool signedIn) =>
        Lookup(repos, id, signedIn, to => $"/{to}/raw/{revision}/{path}", repo => Raw(repos, repo, revision, path, signedIn));

    /// <param name="store">Where large files are handed on to; null: they come from here.</param>
    public static FakeAnswer Resolve(FakeRepos repos, HttpRequest request, string id, string revision, string path, bool signedIn, string? store) =>
        Lookup(repos, id, signedIn, to => $"/{to}/resolve/{revision}/{path}", repo =>
        {
            if (Closed(repo, revision, signedIn) is { } closed) return closed;
            if (repos.FileOf(repo.Id, path) is not { } file) return FakeAnswer.Error(404, "Entry not found", "EntryNotFound");
            var answer = store is not null && file.Large ? FakeAnswer.Redirect($"{store}/store/{file.Sha256}?signature=1", 302) : file.Answer(request, file.ETag);
            answer.Headers["X-Repo-Commit"] = revision == "main" ? repo.Sha : revision;
            if (file.Large) (answer.Headers["X-Linked-Etag"], answer.Headers["X-Linked-Size"]) = ($"\"{file.Sha256}\"", $"{file.Content.Length}");
            return answer;
        });

    private static FakeAnswer Whole(FakeRepo repo) =>
        new(200, FakeRow.Detail(repo)) { Headers = { ["ETag"] = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(repo.Json)[..8])}\"" } };

    private static FakeAnswer Files(FakeRepo repo, string revision)
    {
        if (!Known(repo, revision)) return FakeAnswer.Error(404, $"Invalid rev id: {revision}", "RevisionNotFound");
        var files = repo.Document["siblings"]?.AsArray().OfType<JsonObject>().Select(file => new JsonObject
        {
            ["type"] = "file",
            ["oid"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{file["rfilename"]}"))[..20]),
            ["size"] = file["size"]?.DeepClone() ?? 0,
            ["path"] = file["rfilename"]?.DeepClone(),
        });
        return FakeAnswer.Json(200, new JsonArray([.. files ?? []]).ToJsonString());
    }

    private static FakeAnswer Raw(FakeRepos repos, FakeRepo repo, string revision, string path, bool signedIn)
    {
        if (Closed(repo, revision, signedIn) is { } closed) return closed;
        if (repos.FileOf(repo.Id, path) is { } file) return FakeAnswer.Text(Encoding.UTF8.GetString(file.Content)) with { Headers = new() { ["X-Repo-Commit"] = repo.Sha } };
        if (path != "README.md" || repos.CardOf(repo.Id) is not { } card) return FakeAnswer.Error(404, "Entry not found", "EntryNotFound");
        return FakeAnswer.Text(card) with { Headers = new() { ["X-Repo-Commit"] = repo.Sha } };
    }

    private static FakeAnswer? Closed(FakeRepo repo, string revision, bool signedIn)
    {
        var document = repo.Document;
        if (document["disabled"]?.GetValueKind() == JsonValueKind.True) return FakeAnswer.Disabled;
        if (document["gated"]?.GetValueKind() is JsonValueKind.String or JsonValueKind.True) return FakeAnswer.Gated(repo.Id, signedIn);
        return Known(repo, revision) ? null : FakeAnswer.Error(404, $"Invalid rev id: {revision}", "RevisionNotFound");
    }

    private static bool Known(FakeRepo repo, string revision) => revision is "main" || revision == (repo.Document["sha"]?.GetValue<string>() ?? repo.Sha);

    private static FakeAnswer Lookup(FakeRepos repos, string id, bool signedIn, Func<string, string> path, Func<FakeRepo, FakeAnswer> found) => repos.Find(id) switch
    {
        ({ } repo, _, _) => found(repo),
        (_, { } moved, _) => FakeAnswer.Redirect(path(moved)),
        (_, _, { } fate) => fate,
        _ => FakeAnswer.Missing(signedIn),
    };
}
