using System.Security.Cryptography;

namespace ModelAtlas.Web.Shell;

/// <summary>Headers of every response, errors and files included. Scripts run from our own files only; styles are open because MudBlazor writes style elements.</summary>
internal static class SecurityHeaders
{
    private const string NonceItem = "csp-nonce";

    public static WebApplication UseSecurityHeaders(this WebApplication app)
    {
        app.Use(static (context, next) =>
        {
            context.Items[NonceItem] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
            context.Response.OnStarting(static state => Write((HttpContext)state), context);
            return next(context);
        });
        return app;
    }

    /// <summary>For a script element of this response. A page that uses it must not be kept in the output cache.</summary>
    public static string CspNonce(this HttpContext context) => (string?)context.Items[NonceItem] ?? "";

    /// <summary>The answer that the endpoint makes; an error is a page of ours, and stays out of frames.</summary>
    private static bool IsForFrames(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<AnyoneMayFrame>() is not null && (context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status404NotFound);

    private static Task Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = IsForFrames(context)
            ? "default-src 'none'; base-uri 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors *"
            : $"default-src 'none'; base-uri 'self'; script-src 'self' 'nonce-{context.CspNonce()}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            + "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
        return Task.CompletedTask;
    }
}

/// <summary>On an endpoint whose page other sites may show in a frame: it holds no script, no form and nothing of the visitor.</summary>
internal sealed record AnyoneMayFrame;
