using Microsoft.AspNetCore.Components;

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
        Context.Response.StatusCode = problem.Status;
        return problem;
    }
}
