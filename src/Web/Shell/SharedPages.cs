using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Net.Http.Headers;

namespace ModelAtlas.Web.Shell;

/// <summary>Makes the pages that every anonymous visitor sees alike fit to be kept.</summary>
internal static class SharedPages
{
    /// <summary>Goes around the output cache. Whoever signed in gets pages of their own, which nobody keeps.</summary>
    public static WebApplication UseSharedPages(this WebApplication app)
    {
        app.Use(static (context, next) =>
        {
            if (CanShare(context) && context.GetEndpoint()?.Metadata.GetMetadata<OutputCacheAttribute>() is { PolicyName: PageCache.Policy })
                context.Response.OnStarting(static state => Share(((HttpContext)state).Response.Headers), context);
            return next(context);
        });
        return app;
    }

    public static bool CanShare(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) && context.User.Identity?.IsAuthenticated is not true;

    /// <summary>As the answer starts, which is when the cookie has just been set.</summary>
    private static Task Share(IHeaderDictionary headers)
    {
        headers.Remove(HeaderNames.SetCookie);
        headers.Remove(HeaderNames.Pragma);
        headers.CacheControl = "private, no-cache";
        headers.Append(HeaderNames.Vary, HeaderNames.Cookie);
        return Task.CompletedTask;
    }
}
