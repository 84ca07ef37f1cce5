using Microsoft.AspNetCore.WebUtilities;

namespace ModelAtlas.Web.Shell;

/// <summary>Why there is no page, in words for a visitor, and what to do about it.</summary>
public sealed record Problem(int Status, string Title, string Remedy)
{
    public static Problem Of(int status) => status switch
    {
        400 => new(400, "This request cannot be read", "Part of the address or form does not make sense here. Go back, or start from the catalogue."),
        401 or 403 => new(status, "This page is not for everyone", "Sign in with an account that may see it."),
        404 => new(404, "There is no such page", "The address may be mistyped, or the page has moved. Search for the model by name, or start from the catalogue."),
        405 => new(405, "That cannot be done here", "This address answers other kinds of request. Open it in a browser instead."),
        414 or 431 => new(status, "This address is too long", "Use fewer filters."),
        429 => new(429, "Too many requests", "Wait a minute and try again."),
        503 => DatabaseAway(tooSlow: false),
        >= 500 => new(500, "Something went wrong on our side", "It has been logged. Try again; if it stays, tell whoever runs this site the trace id below."),
        _ => new(status, ReasonPhrases.GetReasonPhrase(status), "Go back, or start from the catalogue."),
    };

    public static Problem Counting { get; } =
        new(503, "The catalogue is being counted", "The site has just started and reads all models into memory, half a minute for three million. This page works when that is done.");

    public static Problem DatabaseAway(bool tooSlow) => tooSlow
        ? new(503, "That question took too long", "An answer would have taken more than five seconds. Narrow the filter, or try again in a moment.")
        : new(503, "The catalogue is away for a moment", "Its database does not answer. Nothing is lost: this page works again as soon as the database does.");
}
