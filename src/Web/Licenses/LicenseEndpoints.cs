using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Licenses.Comparing;
using ModelAtlas.Web.Shell;

namespace ModelAtlas.Web.Licenses;

/// <summary>The licence desk for programs.</summary>
internal static class LicenseEndpoints
{
    private const int MostRows = 200;

    public static void MapLicenses(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Licences").CacheOutput(PageCache.Policy);
        api.MapGet("/licenses", ListAsync).WithName("ListLicenses").WithSummary("Licences and how many models each governs, by id")
            .WithDescription($"Takes class ({string.Join(", ", LicenseClass.All)}), family ({string.Join(", ", LicenseWords.Families)}), limit (1 to {MostRows}) and cursor.")
            .Produces<LicensesAnswer>().ProducesProblem(400).ProducesProblem(503);
        api.MapGet("/licenses/{id}", FindAsync).WithName("GetLicense").WithSummary("One licence with its facts and what they mean for six uses")
            .Produces<LicenseAnswer>().Produces(301).ProducesProblem(404).ProducesProblem(503);
        api.MapGet("/compare/licenses", CompareAsync).WithName("CompareLicenses").WithSummary("Licences side by side, one row for each fact")
            .WithDescription($"Takes l, 1 to {LicenseComparison.Most} identifiers, and diff=1 for the facts that differ.")
            .Produces<ComparisonAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        routes.MapGet(LicenseUrl.Compare + ".csv", WriteCsv).CacheOutput(PageCache.Policy).ExcludeFromDescription();
    }

    private static async Task<IResult> ListAsync(HttpContext context, LicenseReader licenses, CancellationToken cancellationToken)
    {
        if (LicenseFilter.Read(context.Request.Query, out var wrong) is not { } filter) return Refuse(context, 400, "A key of the address cannot be read", wrong);
        if (context.Request.Query.Keys.FirstOrDefault(key => key is not ("class" or "family" or "limit" or "cursor")) is { } stranger)
            return Refuse(context, 400, "A key of the address cannot be read", $"{stranger} is no key here; the keys are class, family, limit and cursor.");
        var asked = context.Request.Query["limit"].ToString();
        var limit = MostRows / 2;
        if (asked.Length > 0 && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostRows))
            return Refuse(context, 400, "A key of the address cannot be read", $"limit is a number from 1 to {MostRows}.");
        var after = context.Request.Query["cursor"].ToString(); // the last id of the answer before
        var all = (await licenses.ListAsync(cancellationToken)).Where(filter.Passes).OrderBy(row => row.Key, StringComparer.Ordinal).ToList();
        var rest = all.FindAll(row => string.CompareOrdinal(row.Key, after) > 0);
        var page = rest.Take(limit).Select(LicenseEntry.Of).ToArray();
        return CatalogEndpoints.Answer(context, new(page, all.Count, rest.Count > limit ? page[^1].Id : null), LicenseApiJson.Default.LicensesAnswer);
    }

    private static async Task<IResult> FindAsync(string id, HttpContext context, LicenseReader licenses, CancellationToken cancellationToken)
    {
        if (id.Length > LicenseUrl.LongestName || LicenseUrl.Find(id) is not { } license)
            return Refuse(context, 404, "We have no facts about this licence", "The name is no licence that the desk knows. /api/v1/licenses lists those it does.");
        if (license.Id != id) return TypedResults.LocalRedirect($"{LicenseUrl.Api}/{Uri.EscapeDataString(license.Id)}", permanent: true);
        return CatalogEndpoints.Answer(context, LicenseAnswer.Of(license, await licenses.CountAsync(license.Id, cancellationToken)), LicenseApiJson.Default.LicenseAnswer);
    }

    private static async Task<IResult> CompareAsync(HttpContext context, LicenseReader licenses, CancellationToken cancellationToken)
    {
        if (Read(context, out var named) is { } refusal) return refusal;
        var rows = (await licenses.ListAsync(cancellationToken)).ToDictionary(row => row.Key, StringComparer.Ordinal);
        var comparison = LicenseComparison.Of(named.Known);
        return CatalogEndpoints.Answer(
            context,
            new([.. named.Known.Select(license => LicenseEntry.Of(rows[license.Id]))], named.Known.Count, null, [.. named.Unknown],
                [.. (IsDifference(context) ? comparison.Differences : comparison.Rows).Select(row => ComparedItem.Of(row, named.Known))]),
            LicenseApiJson.Default.ComparisonAnswer);
    }

    private static IResult WriteCsv(HttpContext context)
    {
        if (Read(context, out var named) is { } refusal) return refusal;
        var text = LicenseCsv.Write(LicenseComparison.Of(named.Known), IsDifference(context));
        return TypedResults.File(Encoding.UTF8.GetBytes(text), "text/csv; charset=utf-8", "licences.csv");
    }

    private static bool IsDifference(HttpContext context) => context.Request.Query["diff"] == "1";

    /// <summary>The licences to compare, or why there is no comparison.</summary>
    private static ProblemHttpResult? Read(HttpContext context, out NamedLicenses named)
    {
        var names = LicenseUrl.Names(context.Request, "l");
        named = NamedLicenses.Of(names ?? []);
        return names is null or [] || named.Known.Count > LicenseComparison.Most
            ? Refuse(context, 400, "This comparison cannot be made", $"l is 1 to {LicenseComparison.Most} licence identifiers, such as apache-2.0,mit.")
            : named.Known is [] ? Refuse(context, 404, "We have no facts about these licences", "None of the names is a licence that the desk knows. /api/v1/licenses lists those it does.") : null;
    }

    private static ProblemHttpResult Refuse(HttpContext context, int status, string title, string remedy) =>
        TypedResults.Problem(CatalogEndpoints.Details(context, new(status, title, remedy)));
}
