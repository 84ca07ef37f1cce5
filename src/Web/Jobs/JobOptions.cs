using Microsoft.Extensions.Options;

namespace ModelAtlas.Web.Jobs;

/// <summary>How much of this process the jobs may take.</summary>
internal sealed class JobOptions
{
    public const string Section = "Atlas:Jobs";

    public int Workers { get; set; } = 3;

    /// <summary>Silence after which a worker counts as dead and its job is given to another. A living one renews it.</summary>
    public TimeSpan Invisibility { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Connections of the job engine, apart from the catalogue's own. Each idle worker holds one to listen on.</summary>
    public int Connections { get; set; } = 20;
}

internal sealed class JobOptionsValidator : IValidateOptions<JobOptions>
{
    public ValidateOptionsResult Validate(string? name, JobOptions options) =>
        options.Workers is < 1 or > 16 ? ValidateOptionsResult.Fail($"Atlas__Jobs__Workers is {options.Workers}: 1 to 16 are allowed, 2 to 4 are sensible.")
        : options.Connections < options.Workers * 3 + 5 ? ValidateOptionsResult.Fail($"Atlas__Jobs__Connections is {options.Connections}: {options.Workers} workers need at least {options.Workers * 3 + 5}.")
        : ValidateOptionsResult.Success;
}
