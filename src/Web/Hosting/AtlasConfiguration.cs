using Microsoft.Extensions.Options;
using ModelAtlas.Web.Commands;

namespace ModelAtlas.Web.Hosting;

/// <summary>The settings as every verb sees them: appsettings.json beside the program, then the environment, then the command line.</summary>
internal static class AtlasConfiguration
{
    public static IConfiguration Load(string? dataFolder = null) => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .AddInMemoryCollection(dataFolder is null ? [] : [new("Atlas:Data", dataFolder)])
        .Build();

    /// <summary>The options of this process, or one line that says what is wrong with them.</summary>
    public static AtlasOptions Read(IConfiguration configuration)
    {
        AtlasOptions options;
        try
        {
            options = configuration.GetSection(AtlasOptions.Section).Get<AtlasOptions>() ?? new();
        }
        catch (InvalidOperationException unreadable) // "Failed to convert configuration value 'maybe' at 'Atlas:Offline' to type 'System.Boolean'."
        {
            throw new CommandException(unreadable.Message);
        }
        var checkedOptions = new AtlasOptionsValidator().Validate(null, options);
        return checkedOptions.Failed ? throw new CommandException(checkedOptions.FailureMessage) : options;
    }

    public static IServiceCollection AddHostingOptions(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<AtlasOptions>().BindConfiguration(AtlasOptions.Section);
        services.AddOptionsWithValidateOnStart<InferenceOptions>().BindConfiguration(InferenceOptions.Section);
        return services
            .AddSingleton<IValidateOptions<AtlasOptions>, AtlasOptionsValidator>()
            .AddSingleton<IValidateOptions<InferenceOptions>, InferenceOptionsValidator>();
    }
}
