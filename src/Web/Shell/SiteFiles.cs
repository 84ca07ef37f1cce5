using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ModelAtlas.Web.Shell;

/// <summary>
/// Addresses of our static files with a hash of their content, so that browsers keep them for good. MudBlazor's own fingerprinted address is served
/// uncompressed by the SDK, its plain one is not: hence a query on plain addresses for all files alike.
/// </summary>
internal sealed class SiteFiles(IWebHostEnvironment environment)
{
    private readonly ConcurrentDictionary<string, string> _addresses = new(StringComparer.Ordinal);

    public string this[string path] => _addresses.GetOrAdd(path, Address);

    public static void MapFiles(WebApplication app)
    {
        // Else files of a plain build are looked at again for each request and sent as they lie there, under the compressed ones' headers.
        app.Configuration["ReloadStaticAssetsAtRuntime"] = bool.FalseString;
        app.MapStaticAssets().Add(static endpoint =>
        {
            if (endpoint.RequestDelegate is not { } serve) return;
            endpoint.RequestDelegate = context =>
            {
                context.Response.OnStarting(static state => KeepForGood((HttpContext)state), context);
                return serve(context);
            };
        });
    }

    /// <summary>A file asked for by content hash never changes. Nor does a font, which the stylesheet and the preload must name alike.</summary>
    private static Task KeepForGood(HttpContext context)
    {
        if (context.Response.StatusCode is 200 or 206 or 304 && (context.Request.Query.ContainsKey("v") || context.Request.Path.StartsWithSegments("/fonts")))
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Task.CompletedTask;
    }

    private string Address(string path)
    {
        using var content = environment.WebRootFileProvider.GetFileInfo(path).CreateReadStream();
        return $"/{path}?v={Convert.ToHexStringLower(SHA256.HashData(content))[..12]}";
    }
}
