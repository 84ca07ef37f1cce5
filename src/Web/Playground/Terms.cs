using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Domain.Licenses;
using Npgsql;

namespace ModelAtlas.Web.Playground;

/// <summary>What stands between a person and a model: terms that were not accepted yet, or a class that the operator does not allow.</summary>
internal sealed class Terms(IDbContextFactory<AtlasDbContext> contexts, NpgsqlDataSource database, IOptions<PlaygroundOptions> options, TimeProvider clock)
{
    private const int MostKept = 10_000;
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, ((string Key, string Name)? Terms, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Person, string License), bool> _accepted = new(); // what was accepted stays so

    /// <summary>The licence whose terms bind whoever runs the model; null for open licences, for what the catalogue does not know, and for the model that comes with the program.</summary>
    public async Task<(string Key, string Name)?> OfAsync(string modelId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_known.TryGetValue(modelId, out var known) && now < known.Until) return known.Terms;
        var found = await ReadAsync(modelId, cancellationToken);
        if (_known.Count >= MostKept) _known.Clear();
        _known[modelId] = (found, now + Freshness);
        return found;
    }

    private async Task<(string Key, string Name)?> ReadAsync(string modelId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var key = await db.Models.Where(model => model.RepoId == modelId).Join(db.Licenses, model => model.LicenseId, license => license.Id, (_, license) => license.Key).FirstOrDefaultAsync(cancellationToken);
        return key is not null && (LicenseDesk.Find(key)?.Class ?? LicenseClass.Unknown) is not LicenseClass.Open ? (key, LicenseDesk.Find(key)?.Name ?? key) : null;
    }

    public async Task<bool> AreAcceptedAsync(string person, string license, CancellationToken cancellationToken)
    {
        if (_accepted.ContainsKey((person, license))) return true;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.AcceptedTerms.AnyAsync(terms => terms.Person == person && terms.License == license, cancellationToken)) return false;
        if (_accepted.Count >= MostKept) _accepted.Clear();
        _accepted[(person, license)] = true;
        return true;
    }

    public async Task AcceptAsync(string person, string license, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("INSERT INTO accepted_terms (person, license, at) VALUES ($1, $2, $3) ON CONFLICT (person, license) DO UPDATE SET at = excluded.at");
        command.Parameters.AddWithValue(person);
        command.Parameters.AddWithValue(license);
        command.Parameters.AddWithValue(clock.GetUtcNow().UtcDateTime);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>True where the operator lets models of this class run.</summary>
    public async Task<bool> IsAllowedAsync(string modelId, CancellationToken cancellationToken)
    {
        if (options.Value.Classes is not { Length: > 0 } classes) return true;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var kind = await db.Models.Where(model => model.RepoId == modelId).Select(model => model.Class).FirstOrDefaultAsync(cancellationToken);
        return classes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Contains(kind switch { Openness.OpenSource => "open-source", Openness.OpenWeights => "open-weights", _ => "unknown" }, StringComparer.OrdinalIgnoreCase);
    }
}
