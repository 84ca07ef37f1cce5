using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Downloads;

namespace ModelAtlas.Web.Playground.Shelf;

internal static class ShelfEndpoints
{
    public static void MapShelf(this IEndpointRouteBuilder routes) => routes.MapGet("/playground/shelf/{owner}/{name}", StateAsync).ExcludeFromDescription();

    /// <summary>How far a model is, for the page that waits for it.</summary>
    private static async Task<IResult> StateAsync(string owner, string name, HttpContext context, ShelfJobs wishes, TimeProvider clock, Asker asker)
    {
        if (await asker.OfAsync(context) is null) return TypedResults.Unauthorized();
        context.Response.Headers.CacheControl = "no-store";
        return await wishes.FindAsync($"{owner}/{name}", context.RequestAborted) is { } job
            ? TypedResults.Json(new ShelfAnswer(job.State.ToString(), job.Done, job.Total, job.State is ShelfState.Waiting or ShelfState.Fetching ? ShelfWords.Line(job, clock.GetUtcNow()) : ""))
            : TypedResults.NotFound();
    }

    private sealed record ShelfAnswer(string State, long Done, long Total, string Line);
}
