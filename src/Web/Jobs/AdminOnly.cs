using Hangfire.Dashboard;

namespace ModelAtlas.Web.Jobs;

/// <summary>A second wall behind the endpoint's policy, for whoever maps the dashboard without it one day.</summary>
internal sealed class AdminOnly : IDashboardAuthorizationFilter
{
    /// <summary>Name of both the policy and the role.</summary>
    public const string Policy = "admin";

    public bool Authorize(DashboardContext context) => IsAdmin(context);

    public static bool IsAdmin(DashboardContext context) => context.GetHttpContext().User is { Identity.IsAuthenticated: true } user && user.IsInRole(Policy);
}
