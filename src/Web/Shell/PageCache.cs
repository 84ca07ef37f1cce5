using System.Globalization;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Net.Http.Headers;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Shell;

/// <summary>
/// Public pages as anonymous visitors see them are kept ready, compressed, until the catalogue changes or a minute has passed.
/// Blazor marks every page no-store and sets an antiforgery cookie on it: <see cref="SharedPages"/> takes both off, so these pages can hold no antiforgery form.
/// </summary>
internal sealed class PageCache(CatalogPulse pulse, CatalogIndex index) : IOutputCachePolicy
{
    public const string Policy = "public-page";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    public async ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        context.EnableOutputCaching = SharedPages.CanShare(http);
        if (!context.EnableOutputCaching) return;
        context.AllowCacheLookup = context.AllowCacheStorage = context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = Lifetime;
        context.CacheVaryByRules.QueryKeys = "*";
        context.CacheVaryByRules.VaryByHost = true;
        context.CacheVaryByRules.VaryByValues["theme"] = ThemeChoice.Of(http);
        context.CacheVaryByRules.VaryByValues["coding"] = Coding(http);
        // A catalogue that cannot be reached throws here, and the visitor is told, rather than shown an old page as if it were current.
        var rev = (await pulse.ReadAsync(cancellation)).Rev;
        context.CacheVaryByRules.VaryByValues["rev"] = string.Create(CultureInfo.InvariantCulture, $"{rev} {index.Current?.Version}");
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        // A page that answers with a problem has said so already; what is not of this response alone may be kept.
        context.AllowCacheStorage &= response.StatusCode == StatusCodes.Status200OK && response.Headers.SetCookie.Count == 0;
        return ValueTask.CompletedTask;
    }

    private static string Coding(HttpContext context)
    {
        var accepted = new RequestHeaders(context.Request.Headers).AcceptEncoding;
        return accepted.Any(coding => coding.Value == "br" && coding.Quality != 0) ? "br"
            : accepted.Any(coding => coding.Value == "gzip" && coding.Quality != 0) ? "gzip" : "";
    }
}
