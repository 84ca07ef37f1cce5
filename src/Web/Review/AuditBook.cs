using Microsoft.EntityFrameworkCore;
using ModelAtlas.Web.Review.Data;

namespace ModelAtlas.Web.Review;

/// <summary>Notes what an admin did that leaves no row of its own.</summary>
internal sealed class AuditBook(IDbContextFactory<ReviewDbContext> contexts, TimeProvider time)
{
    public async Task NoteAsync(string who, string what, string subject, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Audit.Add(new() { At = time.GetUtcNow().UtcDateTime, Who = who, What = what, Subject = subject });
        await db.SaveChangesAsync(cancellationToken);
    }
}
