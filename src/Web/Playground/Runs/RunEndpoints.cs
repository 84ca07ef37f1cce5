using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using ModelAtlas.Web.Accounts.Sessions;
using ModelAtlas.Web.Playground.OpenAi;

namespace ModelAtlas.Web.Playground.Runs;

/// <summary>What the playground's script asks: begin a run, listen to it, stop it.</summary>
internal static class RunEndpoints
{
    private const string VisitorCookie = "atlas-visitor";
    private const int TabLength = 32;

    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/playground/runs").ExcludeFromDescription().DisableAntiforgery().AddEndpointFilter(OpenAiEndpoints.AnswerErrorsAsync);
        runs.MapPost("", BeginAsync);
        runs.MapPost("/together", BeginTogetherAsync);
        runs.MapPost("/leave", LeaveAsync);
        runs.MapPost("/terms", AcceptAsync);
        runs.MapGet("/{id}", Listen);
        runs.MapPost("/{id}/stop", StopAsync);
        runs.MapPost("/{id}/publish", PublishAsync);
    }

    private static async Task<IResult> BeginAsync(HttpContext context, OpenAiEndpoints.Desk desk, RunBook book, Asker asker)
    {
        var (owner, person) = await AskAsync(context, asker);
        var order = await desk.OrderAsync(context, owner);
        return TypedResults.Json(new Dictionary<string, string> { ["id"] = book.Begin([order with { TellsPrompt = true }], owner, person, Tab(context))[0] });
    }

    /// <summary>Both sides of a comparison, or neither.</summary>
    private static async Task<IResult> BeginTogetherAsync(HttpContext context, OpenAiEndpoints.Desk desk, RunBook book, Asker asker)
    {
        var (owner, person) = await AskAsync(context, asker);
        var orders = await desk.OrdersAsync(context, owner);
        return TypedResults.Json(new Dictionary<string, IReadOnlyList<string>> { ["ids"] = book.Begin([.. orders.Select(order => order with { TellsPrompt = true })], owner, person, Tab(context)) });
    }

    private static async Task<IResult> LeaveAsync(HttpContext context, RunBook book, string tab)
    {
        if (!Asker.IsFromHere(context.Request)) throw new ApiException(403, "Another site may not stop what is yours.");
        if (tab.Length == TabLength && Owner(context) is { } owner) await book.LeaveAsync(owner, tab);
        return TypedResults.NoContent();
    }

    private static string? Tab(HttpContext context) => context.Request.Headers["Atlas-Tab"].ToString() is { Length: TabLength } tab ? tab : null;

    private static async Task<(string Owner, string Person)> AskAsync(HttpContext context, Asker asker)
    {
        if (!Asker.IsFromHere(context.Request)) throw new ApiException(403, "Another site may not ask in your name.");
        var owner = OwnerOf(context);
        return (owner, await asker.OfAsync(context, owner) ?? throw new ApiException(401, "Sign in to use the models of this site."));
    }

    private static async Task<IResult> AcceptAsync(HttpContext context, Terms terms, Asker asker, string model)
    {
        if (!Asker.IsFromHere(context.Request)) throw new ApiException(403, "Another site may not accept in your name.");
        if (await asker.OfAsync(context) is null) throw new ApiException(401, "Sign in to use the models of this site.");
        if (await terms.OfAsync(model, context.RequestAborted) is { } asked) await terms.AcceptAsync(OwnerOf(context), asked, context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static ServerSentEventsResult<string> Listen(string id, HttpContext context, RunBook book, TimeProvider clock, int? after)
    {
        var last = context.Request.Headers["Last-Event-ID"].ToString();
        var from = int.TryParse(last, CultureInfo.InvariantCulture, out var heard) ? heard : after ?? 0;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(Events(Mine(id, context, book), from, clock, context.RequestAborted));
    }

    private static async Task<IResult> StopAsync(string id, HttpContext context, RunBook book)
    {
        await Mine(id, context, book).Stop.CancelAsync();
        return TypedResults.NoContent();
    }

    private static async Task<IResult> PublishAsync(string id, HttpContext context, RunBook book, PublishedRuns published)
    {
        if (!Asker.IsFromHere(context.Request)) throw new ApiException(403, "Another site may not publish in your name.");
        var page = await published.PublishAsync(Mine(id, context, book), context.RequestAborted) ?? throw new ApiException(409, "This run is not over yet, or you have published too many.");
        return TypedResults.Json(new Dictionary<string, string> { ["url"] = $"/playground/r/{page}" });
    }

    private static PlaygroundRun Mine(string id, HttpContext context, RunBook book) => book.Find(id, Owner(context)) ?? throw new ApiException(404, "There is no such run: it is another's, or was forgotten.");

    private static async IAsyncEnumerable<SseItem<string>> Events(PlaygroundRun run, int after, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (number, json) in run.ListenAsync(after, clock, cancellationToken))
            yield return new(json) { EventId = number.ToString(CultureInfo.InvariantCulture), ReconnectionInterval = TimeSpan.FromMilliseconds(500) };
    }

    /// <summary>The account, or the browser that began.</summary>
    private static string? Owner(HttpContext context) => Account(context) ?? Visitor(context);

    private static string? Account(HttpContext context) => SessionCookie.AccountId(context.User) is { } account ? $"account {account}" : null;

    private static string? Visitor(HttpContext context) => context.Request.Cookies[VisitorCookie] is { Length: 64 } visitor ? $"visitor {visitor}" : null;

    /// <summary>What a browser made before its user signed in stays that browser's.</summary>
    public static bool IsOf(string owner, HttpContext context) => owner == Account(context) || owner == Visitor(context);

    /// <summary>Whose runs these are. A browser that comes for the first time gets a name: with the page, before it asks for two things at once.</summary>
    public static string OwnerOf(HttpContext context) => Owner(context) ?? Introduce(context);

    private static string Introduce(HttpContext context)
    {
        var visitor = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        context.Response.Cookies.Append(VisitorCookie, visitor, new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/playground", MaxAge = TimeSpan.FromDays(90), IsEssential = true });
        return $"visitor {visitor}";
    }
}
