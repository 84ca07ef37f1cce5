namespace ModelAtlas.Web.Orgs;

internal static class OrgUrl
{
    public static string Of(string name) => $"/orgs/{Uri.EscapeDataString(name)}";
}
