using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Web.Jobs;
using ModelAtlas.Web.Review;

namespace ModelAtlas.Web.Admin.Sources;

/// <summary>What the ingest does by itself, and doing it now. A refusal is a sentence for the person who asked; null means done.</summary>
internal sealed class IngestDesk(JobStorage storage, IBackgroundJobClient jobs, IOptions<HubOptions> hub, AuditBook audit)
{
    public bool IsOffline => hub.Value.Offline;

    public IReadOnlyList<ToldAllowance> Allowances() => AllowanceReport.Read(storage);

    public IReadOnlyList<IngestJob> Jobs()
    {
        using var connection = storage.GetConnection();
        var known = connection.GetRecurringJobs().ToDictionary(job => job.Id, StringComparer.Ordinal);
        return [.. JobSchedule.All.Select(entry => new IngestJob(entry, known.GetValueOrDefault(entry.Id)))];
    }

    public async Task<string?> RunAsync(string? id, string who, CancellationToken cancellationToken)
    {
        if (JobSchedule.All.FirstOrDefault(entry => entry.Id == id) is not { } wanted) return "That is no job of the schedule.";
        if (wanted.Fetches && IsOffline) return "This site asks nobody: it was started offline.";
        jobs.Create(wanted.Job, new EnqueuedState());
        await audit.NoteAsync(who, "job run now", wanted.Id, cancellationToken);
        return null;
    }

    public async Task<string?> ReadModelAsync(string? name, string who, CancellationToken cancellationToken)
    {
        var id = (name ?? "").Trim();
        if (RepoId.Refuse(id) is { } wrong) return $"This is no name of a repository: {wrong}.";
        if (IsOffline) return "This site asks no Hub: it was started offline.";
        jobs.Create(IngestSchedule.ReadModel(id), new EnqueuedState());
        await audit.NoteAsync(who, "repository read again", id, cancellationToken);
        return null;
    }
}

/// <param name="Stored">As the queue has it; null before a process that runs jobs has stored the schedule.</param>
internal sealed record IngestJob(ScheduledJob Scheduled, RecurringJobDto? Stored);
