using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.OutputCaching;

namespace ModelAtlas.Web.Shell;

/// <summary>A page: rendered once on the server for one request.</summary>
public abstract class AtlasPage : ComponentBase
{
    [CascadingParameter] public required HttpContext Context { get; set; }

    /// <summary>Cancelled when the visitor has left.</summary>
    protected CancellationToken Leaving => Context.RequestAborted;

    /// <summary>Shows a problem in place of the page.</summary>
    private protected Problem Answer(Problem problem)
    {
        // A page that is 404 while it renders is thrown away for the site's general one, so the status is set as the answer starts.
        Context.Response.OnStarting(() =>
        {
            Context.Response.StatusCode = problem.Status;
            return Task.CompletedTask;
        });
        if (Context.Features.Get<IOutputCacheFeature>() is { } cache) cache.Context.AllowCacheStorage = false;
        return problem;
    }
}
