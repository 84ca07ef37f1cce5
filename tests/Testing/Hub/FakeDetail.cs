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
        var document = repo.Document;
        if (document["disabled"]?.GetValueKind() == JsonValueKind.True) return FakeAnswer.Disabled;
        if (document["gated"]?.GetValueKind() is JsonValueKind.String or JsonValueKind.True) return FakeAnswer.Gated(repo.Id, signedIn);
        if (!Known(repo, revision)) return FakeAnswer.Error(404, $"Invalid rev id: {revision}", "RevisionNotFound");
        if (path != "README.md" || repos.CardOf(repo.Id) is not { } card) return FakeAnswer.Error(404, "Entry not found", "EntryNotFound");
        return FakeAnswer.Text(card) with { Headers = new() { ["X-Repo-Commit"] = repo.Sha } };
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
