using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
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

    private readonly ConcurrentDictionary<string, (LicenseTerms? Terms, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Person, LicenseTerms Terms), bool> _accepted = new(); // what was accepted stays so

    /// <summary>The terms that bind whoever runs the model; null for open licences, for what the catalogue does not know, and for the model that comes with the program.</summary>
    public async Task<LicenseTerms?> OfAsync(string modelId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_known.TryGetValue(modelId, out var known) && now < known.Until) return known.Terms;
        var found = await ReadAsync(modelId, cancellationToken);
        if (_known.Count >= MostKept) _known.Clear();
        _known[modelId] = (found, now + Freshness);
        return found;
    }

    public async Task<bool> AreAcceptedAsync(string person, LicenseTerms terms, CancellationToken cancellationToken)
    {
        if (_accepted.ContainsKey((person, terms))) return true;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.AcceptedTerms.AnyAsync(known => known.Person == person && known.License == terms.Key && known.TextSha256 == terms.TextSha256, cancellationToken)) return false;
        if (_accepted.Count >= MostKept) _accepted.Clear();
        _accepted[(person, terms)] = true;
        return true;
    }

    /// <summary>Noted once; a note is never changed.</summary>
    public async Task AcceptAsync(string person, LicenseTerms terms, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("INSERT INTO accepted_terms (person, license, text_sha256, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");
        command.Parameters.AddWithValue(person);
        command.Parameters.AddWithValue(terms.Key);
        command.Parameters.AddWithValue(terms.TextSha256);
        command.Parameters.AddWithValue(clock.GetUtcNow().UtcDateTime);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<LicenseTerms?> ReadAsync(string modelId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await (
            from model in db.Models
            where model.RepoId == modelId
            join license in db.Licenses on model.LicenseId equals license.Id
            select new { license.Key, Text = db.Cards.Where(card => card.ModelId == model.Id).Select(card => card.LicenseText).FirstOrDefault() }).FirstOrDefaultAsync(cancellationToken);
        if (found is null) return null;
        var known = LicenseDesk.Find(found.Key);
        if (known?.Class is LicenseClass.Open) return null;
        return new(found.Key, known?.Name ?? found.Key, found.Text is { } text ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) : "");
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

/// <summary>The licence that a model is under.</summary>
/// <param name="TextSha256">Of the licence file beside the model, so that another text is asked for again; empty where none was read.</param>
internal sealed record LicenseTerms(string Key, string Name, string TextSha256);
