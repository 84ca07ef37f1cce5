using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace ModelAtlas.Web.Health;

/// <summary>What a visitor sees while the database is away. It needs nothing that could be away too.</summary>
internal static class DatabaseAwayPage
{
    private const int RetrySeconds = 5;
    private const string Title = "The database does not answer";
    private const string Detail = "ModelAtlas cannot reach its database just now. Nothing is lost: it looks again every second and goes on by itself.";

    public static async Task WriteAsync(HttpContext context)
    {
        var request = context.Request;
        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = RetrySeconds.ToString(provider: null);
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
        if (IsForProgram(request))
        {
            await context.Response.WriteAsJsonAsync(
                new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable, Title = Title, Detail = Detail, Instance = request.Path },
                options: null, contentType: "application/problem+json", context.RequestAborted);
            return;
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        var again = HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString : "/";
        await context.Response.WriteAsync(Html.Replace("{again}", HtmlEncoder.Default.Encode(again), StringComparison.Ordinal), context.RequestAborted);
    }

    private static readonly string[] ProgramPaths = ["/api/", "/v1/", "/mcp"];

    private static bool IsForProgram(HttpRequest request) =>
        ProgramPaths.Any(prefix => request.Path.Value?.StartsWith(prefix, StringComparison.Ordinal) is true)
        || request.Headers.Accept.ToString() is var accept && accept.Contains("json", StringComparison.Ordinal) && !accept.Contains("text/html", StringComparison.Ordinal);

    private const string Html = $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{Title}} - ModelAtlas</title>
        <style>
        :root { color-scheme: light dark; --ground: #fafafa; --text: #1d1d24; --quiet: #5a5a66; --accent: #4a3fb5; }
        @media (prefers-color-scheme: dark) { :root { --ground: #16161c; --text: #ececf1; --quiet: #a9a9b6; --accent: #b4adff; } }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--text); font: 1rem/1.6 system-ui, sans-serif; }
        main { max-width: 34rem; padding: 2rem; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .75rem; }
        p { margin: 0 0 1rem; }
        .quiet { color: var(--quiet); font-size: .9rem; }
        a { color: var(--accent); font-weight: 600; }
        </style>
        </head>
        <body>
        <main>
        <h1>{{Title}}</h1>
        <p>{{Detail}}</p>
        <p><a href="{again}">Try again</a></p>
        <p class="quiet">Error 503. If this lasts, whoever runs this site finds the reason in its log, and the state under /health/ready.</p>
        </main>
        </body>
        </html>

        """;
}
