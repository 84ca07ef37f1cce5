using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace ModelAtlas.Web.Tests.Accounts.Http;

public sealed partial class EndpointMatrixTests(SharedAccountSite shared) : IClassFixture<SharedAccountSite>
{
    private readonly AccountSite _site = shared.Site;

    private enum Who { Anyone, SignedIn, Admin }

    /// <summary>Every address of the site and who may use it. A new endpoint fails the test until somebody has decided that here.</summary>
    private static readonly Dictionary<string, Who> Decided = new(StringComparer.Ordinal)
    {
        ["PAGE /"] = Who.Anyone,
        ["PAGE /api"] = Who.Anyone,
        ["GET /badge/{owner}/{name}.svg"] = Who.Anyone,
        ["PAGE /changes"] = Who.Anyone,
        ["GET /changes.atom"] = Who.Anyone,
        ["PAGE /compare/licenses"] = Who.Anyone,
        ["PAGE /compare/models"] = Who.Anyone,
        ["GET /compare/models.csv"] = Who.Anyone,
        ["PAGE /method"] = Who.Anyone,
        ["PAGE /orgs/{Name}"] = Who.Anyone,
        ["PAGE /stats"] = Who.Anyone,
        ["PAGE /status"] = Who.Anyone,
        ["PAGE /families/{Owner}/{Name}"] = Who.Anyone,
        ["GET /embed/{owner}/{name}"] = Who.Anyone,
        ["GET /compare/licenses.csv"] = Who.Anyone,
        ["PAGE /licenses"] = Who.Anyone,
        ["PAGE /facets"] = Who.Anyone,
        ["PAGE /licenses/check"] = Who.Anyone,
        ["PAGE /licenses/{Id}"] = Who.Anyone,
        ["POST /mcp/"] = Who.Anyone,
        ["PAGE /models"] = Who.Anyone,
        ["GET /models.atom"] = Who.Anyone,
        ["GET /models.csv"] = Who.Anyone,
        ["GET /models.jsonl"] = Who.Anyone,
        ["GET /models.parquet"] = Who.Anyone,
        ["PAGE /models/{Owner}/{Name}/bom"] = Who.Anyone,
        ["PAGE /models/{Owner}/{Name}/dispute"] = Who.Anyone,
        ["PAGE /models/{Owner}/{Name}/refresh"] = Who.Anyone,
        ["GET /models/{owner}/{name}/bom.cdx.json"] = Who.Anyone,
        ["GET /models/{owner}/{name}/bom.spdx.json"] = Who.Anyone,
        ["PAGE /models/{Name}"] = Who.Anyone,
        ["PAGE /models/{Owner}/{Name}"] = Who.Anyone,
        ["PAGE /models/{Owner}/{Name}/evidence"] = Who.Anyone,
        ["PAGE /models/{Owner}/{Name}/history"] = Who.Anyone,
        ["PAGE /models/{Owner}/{Name}/license"] = Who.Anyone,
        ["PAGE /models/{Owner}/{Name}/lineage"] = Who.Anyone,
        ["PAGE /types"] = Who.Anyone,
        ["GET /api/v1/changes"] = Who.Anyone,
        ["GET /api/v1/compare/licenses"] = Who.Anyone,
        ["GET /api/v1/facets"] = Who.Anyone,
        ["GET /api/v1/licenses"] = Who.Anyone,
        ["GET /api/v1/licenses/{id}"] = Who.Anyone,
        ["GET /api/v1/models"] = Who.Anyone,
        ["GET /api/v1/models/{owner}/{name}"] = Who.Anyone,
        ["GET /openapi/{documentName}.json"] = Who.Anyone,
        ["GET /robots.txt"] = Who.Anyone,
        ["GET /sitemap.xml"] = Who.Anyone,
        ["GET /_framework/opaque-redirect"] = Who.Anyone,
        ["POST /theme"] = Who.Anyone,

        // The operator has opened the playground and the OpenAI protocol to all here; what they refuse otherwise is tested where they are (PLAY_01).
        ["PAGE /playground"] = Who.Anyone,
        ["PAGE /playground/fetch"] = Who.Anyone,
        ["PAGE /playground/r/{Id}"] = Who.Anyone,
        ["GET /playground/runs/{id}"] = Who.Anyone,
        ["GET /playground/shelf/{owner}/{name}"] = Who.Anyone,
        ["POST /playground/runs/"] = Who.Anyone,
        ["POST /playground/runs/together"] = Who.Anyone,
        ["POST /playground/runs/leave"] = Who.Anyone,
        ["POST /playground/runs/terms"] = Who.Anyone,
        ["POST /playground/runs/{id}/publish"] = Who.Anyone,
        ["POST /playground/runs/{id}/stop"] = Who.Anyone,
        ["GET /v1/models"] = Who.Anyone,
        ["GET /v1/models/{**id}"] = Who.Anyone,
        ["POST /v1/chat/completions"] = Who.Anyone,
        ["POST /v1/completions"] = Who.Anyone,
        ["ANY /v1/{**path}"] = Who.Anyone,
        ["ANY /health/live"] = Who.Anyone,
        ["ANY /health/ready"] = Who.Anyone,

        ["PAGE /setup"] = Who.Anyone,
        ["PAGE /sign-in"] = Who.Anyone,
        ["POST /sign-out"] = Who.Anyone,
        ["PAGE /account"] = Who.SignedIn,
        ["POST /account/sign-out-everywhere"] = Who.SignedIn,

        ["PAGE /admin"] = Who.Admin,
        ["PAGE /admin/accounts"] = Who.Admin,
        ["PAGE /admin/ingest"] = Who.Admin,
        ["PAGE /admin/policies"] = Who.Admin,
        ["PAGE /admin/rules"] = Who.Admin,
        ["PAGE /admin/quarantine"] = Who.Admin,
        ["PAGE /admin/review"] = Who.Admin,
        ["PAGE /admin/overrides"] = Who.Admin,
        ["PAGE /admin/shelf"] = Who.Admin,
        ["PAGE /admin/webhooks"] = Who.Admin,
        ["ANY /hangfire/{**path}"] = Who.Admin,
    };

    [Fact]
    public void WEB_06_every_endpoint_is_in_the_table_and_the_table_names_no_other()
    {
        var missing = Endpoints().Keys.Except(Decided.Keys).Order(StringComparer.Ordinal);
        var gone = Decided.Keys.Except(Endpoints().Keys).Order(StringComparer.Ordinal);

        Assert.True(!missing.Any() && !gone.Any(), $"not decided:\n{string.Join('\n', missing)}\nno longer there:\n{string.Join('\n', gone)}");
    }

    [Fact]
    public async Task WEB_06_every_endpoint_lets_in_whom_the_table_says()
    {
        var visitors = new Dictionary<Who, Visitor>
        {
            [Who.Anyone] = _site.Visit(),
            [Who.SignedIn] = await _site.VisitAsAsync("pia"),
            [Who.Admin] = await _site.VisitAsAsync("root"),
        };
        foreach (var (key, endpoint) in Endpoints().OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!Decided.TryGetValue(key, out var needed)) continue;
            foreach (var (role, visitor) in visitors)
                foreach (var method in Methods(key))
                {
                    var path = Example(endpoint);
                    var answer = await visitor.SendAsync(method, path);
                    var expected = role >= needed ? "let in" : role is Who.Anyone ? "asked to sign in" : "refused";
                    var seen = answer.AsksToSignIn ? "asked to sign in" : answer.Status is HttpStatusCode.Forbidden ? "refused" : "let in";
                    Assert.True((int)answer.Status < 500 || path == "/health/ready", $"{method} {path} as {role} answered {(int)answer.Status}");
                    Assert.True(seen == expected, $"{method} {path} as {role}: {seen} ({(int)answer.Status}), expected {expected}");
                }
        }
    }

    /// <summary>Method (PAGE: those of a page) and route of every endpoint but our own files.</summary>
    private Dictionary<string, RouteEndpoint> Endpoints()
    {
        var found = new Dictionary<string, RouteEndpoint>(StringComparer.Ordinal);
        foreach (var endpoint in _site.Site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null) continue;
            IReadOnlyList<string> methods = endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null ? ["PAGE"]
                : endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is [_, ..] named ? named
                : ["ANY"];
            foreach (var method in methods) found[$"{method} /{endpoint.RoutePattern.RawText?.TrimStart('/')}"] = endpoint;
        }
        return found;
    }

    private static IReadOnlyList<HttpMethod> Methods(string key) => key.Split(' ')[0] switch
    {
        "PAGE" => [HttpMethod.Get, HttpMethod.Post],
        "ANY" => [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete],
        var method => [new(method)],
    };

    private static string Example(RouteEndpoint endpoint) =>
        Parameter().Replace($"/{endpoint.RoutePattern.RawText?.TrimStart('/')}", match => match.Value.Contains(":int", StringComparison.Ordinal) ? "1" : "x");

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
