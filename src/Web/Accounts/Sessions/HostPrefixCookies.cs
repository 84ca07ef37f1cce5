using Microsoft.AspNetCore.Authentication.Cookies;

namespace ModelAtlas.Web.Accounts.Sessions;

/// <summary>Over https the cookie is called <c>__Host-…</c>, which browsers only take from this very host and over https; over plain http they would refuse that name.</summary>
internal sealed class HostPrefixCookies : ICookieManager
{
    private const string Prefix = "__Host-";
    private readonly ChunkingCookieManager _inner = new();

    public string? GetRequestCookie(HttpContext context, string key) => _inner.GetRequestCookie(context, Name(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _inner.AppendResponseCookie(context, Name(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _inner.DeleteCookie(context, Name(context, key), options);

    private static string Name(HttpContext context, string key) => context.Request.IsHttps ? Prefix + key : key;
}
