using Microsoft.AspNetCore.StaticAssets;
using Npgsql;

namespace ModelAtlas.Web.Health;

/// <summary>Answers 503, at once and by itself, to whatever needs the database while it is away.</summary>
internal sealed class DatabaseGate(RequestDelegate next, DatabaseWatch watch)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (NeedsNoDatabase(context))
        {
            await next(context);
            return;
        }
        if (watch.IsAway)
        {
            Refuse(context);
            return;
        }
        var visitor = context.RequestAborted;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(visitor, watch.WhenAway);
        context.RequestAborted = waiting.Token;
        try
        {
            await next(context);
        }
        catch (Exception failure) when (IsAway(failure) || failure is OperationCanceledException && watch.IsAway && !visitor.IsCancellationRequested)
        {
            watch.Doubt();
            if (context.Response.HasStarted) throw;
            context.Response.Clear();
            Refuse(context);
        }
        finally
        {
            context.RequestAborted = visitor;
        }
    }

    /// <summary>The connection failed, or the server said that it is stopping, starting or full. A query it refused is something else.</summary>
    public static bool IsAway(Exception? failure) => failure switch
    {
        null => false,
        PostgresException refused => refused.SqlState is PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            || refused.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException => true,
        _ => IsAway(failure.InnerException),
    };

    /// <summary>The body is written by whoever writes those of all errors.</summary>
    private static void Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "5";
    }

    private static bool NeedsNoDatabase(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) || context.Request.Path.Equals("/status", StringComparison.Ordinal)
        || context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;
}
