using Microsoft.Extensions.Options;

namespace ModelAtlas.Web.Hosting;

/// <summary>What this process does and where it keeps its files.</summary>
internal sealed class AtlasOptions
{
    public const string Section = "Atlas";

    /// <summary>Folder of the embedded database, downloads and logs; unset = <c>.atlas</c> beside the solution, else in the current folder.</summary>
    public string? Data { get; set; }

    public string Roles { get; set; } = "site,jobs";

    /// <summary>Nothing is fetched from the Hub, models.dev or a card.</summary>
    public bool Offline { get; set; }

    /// <summary>Lets the site listen beyond this machine before it has an admin, where something else keeps strangers out.</summary>
    public bool OpenWithoutAdmin { get; set; }

    public DatabaseOptions Postgres { get; set; } = new();

    public string DataFolder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(string.IsNullOrWhiteSpace(Data) ? Path.Combine(Checkout ?? Environment.CurrentDirectory, ".atlas") : Data));

    public IReadOnlyCollection<AtlasRole> RoleSet =>
        [.. Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(role => Enum.Parse<AtlasRole>(role, ignoreCase: true)).Distinct()];

    /// <summary>The checkout this program was built in, or null when it runs from anywhere else.</summary>
    public static string? Checkout
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "ModelAtlas.sln"))) return folder.FullName;
            return null;
        }
    }
}

internal sealed class DatabaseOptions
{
    /// <summary>Folder of the server programs for the embedded database; unset = the newest that is installed.</summary>
    public string? Bin { get; set; }

    /// <summary>File that holds the password for <c>ConnectionStrings__Atlas</c> and nothing else.</summary>
    public string? PasswordFile { get; set; }
}

internal sealed class AtlasOptionsValidator : IValidateOptions<AtlasOptions>
{
    private static readonly string[] Roles = [.. Enum.GetNames<AtlasRole>().Select(role => role.ToLowerInvariant())];

    public ValidateOptionsResult Validate(string? name, AtlasOptions options)
    {
        var given = options.Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (given is [] || given.FirstOrDefault(role => !Roles.Contains(role, StringComparer.OrdinalIgnoreCase)) is not null)
            return ValidateOptionsResult.Fail($"Atlas__Roles is '{options.Roles}': give one or more of {string.Join(", ", Roles)}, separated by commas.");
        if (File.Exists(options.DataFolder))
            return ValidateOptionsResult.Fail($"Atlas__Data is '{options.Data}', which is a file: name a folder.");
        if (!string.IsNullOrWhiteSpace(options.Postgres.PasswordFile) && !File.Exists(options.Postgres.PasswordFile))
            return ValidateOptionsResult.Fail($"Atlas__Postgres__PasswordFile names '{options.Postgres.PasswordFile}', which is not there: write the database password into that file, or unset the setting.");
        return ValidateOptionsResult.Success;
    }
}
