namespace ModelAtlas.Web.Mcp;

/// <summary>The Model Context Protocol over HTTP, without sessions: each request stands for itself, so any machine of the site can answer it.</summary>
internal static class McpServices
{
    public const string Path = "/mcp";

    public static IServiceCollection AddAssistants(this IServiceCollection services)
    {
        services.AddMcpServer(options =>
        {
            options.ServerInfo = new() { Name = "ModelAtlas", Version = typeof(McpServices).Assembly.GetName().Version?.ToString(3) ?? "0" };
            options.ServerInstructions = "What an AI model is (open source, open weights, closed), whether one may use it, and where that is written. Nothing here is legal advice; not established means unknown, not no.";
        }).WithHttpTransport(options => options.Stateless = true).WithTools<CatalogTools>();
        return services;
    }

    public static void MapAssistants(this IEndpointRouteBuilder routes) => routes.MapMcp(Path).ExcludeFromDescription();
}
