namespace ModelAtlas.Web.Playground.OpenAi;

/// <summary>Why a request is not answered, as the OpenAI protocol tells it.</summary>
/// <param name="param">The field of the request that is wrong.</param>
/// <param name="code">A word that programs look at.</param>
internal sealed class ApiException(int status, string message, string? param = null, string? code = null) : Exception(message)
{
    public int Status => status;

    public string? Field => param;

    public string? Code => code;

    public string Type => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
