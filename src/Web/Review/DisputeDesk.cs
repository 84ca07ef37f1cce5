using System.Net;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Web.Display;
using ModelAtlas.Web.Review.Data;

namespace ModelAtlas.Web.Review;

/// <summary>Opens and closes disputes. A refusal is a sentence for the person who asked; null means done.</summary>
internal sealed class DisputeDesk(IDbContextFactory<ReviewDbContext> contexts, DisputeLimit limit, TimeProvider time)
{
    public const int LongestText = 2_000;
    public const int LongestSource = 500;
    public const int LongestAnswer = 1_000;
    private const int ShortestText = 20;
    private const int MostOpenOfOne = 20;
    private const int MostOpen = 5_000;
    private const int MostShown = 100;

    public async Task<string?> OpenAsync(string repoId, string? subject, string? text, string? source, IPAddress? address, CancellationToken cancellationToken)
    {
        if (ReviewWords.Find(subject) is not { } about) return "Say what it is about.";
        var words = PlainText.Clean(text ?? "");
        if (words.Length < ShortestText) return $"Say in at least {ShortestText} characters what is wrong and how you know.";
        if (words.Length > LongestText) return $"At most {LongestText} characters: name the place where it is written instead of copying it.";
        var place = PlainText.Clean(source ?? "");
        if (place.Length > 0 && (place.Length > LongestSource || !Uri.TryCreate(place, UriKind.Absolute, out var page) || page.Scheme != Uri.UriSchemeHttps)) return $"The place is an https address of at most {LongestSource} characters, or nothing.";
        if (!limit.Takes(address)) return "Several have come from your address within the hour. Wait a while and try again.";
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Disputes.CountAsync(row => row.RepoId == repoId && row.State == DisputeState.Open, cancellationToken) >= MostOpenOfOne) return "This model has enough open disputes; they are answered first.";
        if (await db.Disputes.CountAsync(row => row.State == DisputeState.Open, cancellationToken) >= MostOpen) return "Too many disputes wait for an answer. Try again in some days.";
        db.Disputes.Add(new() { RepoId = repoId, Subject = about, Text = words, Source = place.Length == 0 ? null : place, OpenedAt = Now, State = DisputeState.Open });
        await db.SaveChangesAsync(cancellationToken);
        return null;
    }

    /// <summary>Once, and with a reason: what is closed stays as it was closed.</summary>
    public async Task<string?> CloseAsync(int id, bool isAccepted, string? answer, string who, CancellationToken cancellationToken)
    {
        var words = PlainText.Clean(answer ?? "");
        if (words.Length is 0 or > LongestAnswer) return $"Give the reason, in at most {LongestAnswer} characters: it is shown on the model's page.";
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var state = isAccepted ? DisputeState.Accepted : DisputeState.Refused;
        var closed = await db.Disputes.Where(row => row.Id == id && row.State == DisputeState.Open).ExecuteUpdateAsync(
            row => row.SetProperty(dispute => dispute.State, state).SetProperty(dispute => dispute.ClosedAt, Now).SetProperty(dispute => dispute.ClosedBy, who).SetProperty(dispute => dispute.Answer, words), cancellationToken);
        if (closed == 0) return "This dispute is closed already, or there is none.";
        var repoId = await db.Disputes.Where(row => row.Id == id).Select(row => row.RepoId).SingleAsync(cancellationToken);
        db.Audit.Add(new() { At = Now, Who = who, What = $"dispute {id} {state.Label()}", Subject = repoId, Reason = words });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Of one model, newest first.</summary>
    public async Task<IReadOnlyList<Dispute>> OfAsync(string repoId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Disputes.AsNoTracking().Where(row => row.RepoId == repoId).OrderByDescending(row => row.Id).Take(MostShown).ToListAsync(cancellationToken);
    }

    /// <summary>Those that wait, oldest first.</summary>
    public async Task<IReadOnlyList<Dispute>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Disputes.AsNoTracking().Where(row => row.State == DisputeState.Open).OrderBy(row => row.Id).Take(MostShown).ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<AuditEntry>> AuditAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Audit.AsNoTracking().OrderByDescending(row => row.Id).Take(MostShown).ToListAsync(cancellationToken);
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;
}
