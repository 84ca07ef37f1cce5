using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Health;
using Npgsql;

namespace ModelAtlas.Web.Shell;

/// <summary>What a visitor sees when a page cannot be made: what happened, what to do, and a trace id. Nothing of the cause.</summary>
internal static class ErrorPages
{
    public static WebApplication UseErrorPages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = HandleAsync, AllowStatusCode404Response = true });
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext, Problem.Of(context.HttpContext.Response.StatusCode)));
        return app;
    }

    public static string TraceId(this HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    private static Task HandleAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var problem = error is BadHttpRequestException bad ? Problem.Of(bad.StatusCode) : IsDatabase(error) ? Problem.DatabaseAway(IsTooSlow(error)) : error is IndexNotReadyException ? Problem.Counting : Problem.Of(500);
        context.Response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "5";
        return WriteAsync(context, problem);
    }

    private static async Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Remove("blazor-enhanced-nav"); // left by the page that failed; the error page would add it again and fail too
        if (!WantsPage(context))
        {
            await TypedResults.Problem(new ProblemDetails
            {
                Status = problem.Status,
                Title = problem.Title,
                Detail = problem.Remedy,
                Extensions = { ["traceId"] = context.TraceId() },
            }).ExecuteAsync(context);
            return;
        }
        // The page that failed may have used up this request's renderer, so the error page gets services of its own.
        var services = context.RequestServices;
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        try
        {
            var page = new RazorComponentResult<ErrorDocument>(new Dictionary<string, object?> { [nameof(ErrorDocument.Problem)] = problem }) { StatusCode = problem.Status };
            await page.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }

    /// <summary>Programs get problem details: whoever calls an API path, or does not accept HTML.</summary>
    private static bool WantsPage(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/api/v1") && !context.Request.Path.StartsWithSegments("/v1") && !context.Request.Path.StartsWithSegments("/mcp")
        && context.Request.Headers.Accept.ToString() is var accept && (accept.Contains("text/html", StringComparison.OrdinalIgnoreCase) || accept is "" or "*/*");

    private static bool IsDatabase(Exception? error) => DatabaseGate.IsAway(error) || IsTooSlow(error);

    private static bool IsTooSlow(Exception? error) => Causes(error).Any(cause => cause is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled });

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException) yield return error;
    }
}
