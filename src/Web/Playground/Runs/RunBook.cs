using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Inference.Host;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Scheduling;

namespace ModelAtlas.Web.Playground.Runs;

/// <summary>The runs of the playground. They live outside any connection: a line that is cut loses nothing, a visitor who left for good frees the place.</summary>
internal sealed class RunBook(TextDesk desk, TimeProvider clock, ILogger<RunBook> logger) : BackgroundService
{
    private const int MostRuns = 1_000;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, PlaygroundRun> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Owner, string Tab), DateTimeOffset> _gone = new(); // a tab may be closed before what it asked for has come

    /// <param name="tab">What the tab calls itself that asks.</param>
    /// <param name="orders">One, or those of a comparison, which run side by side in one turn.</param>
    /// <returns>The ids of their runs.</returns>
    /// <exception cref="BusyException">Too many runs are kept.</exception>
    public IReadOnlyList<string> Begin(IReadOnlyList<TextOrder> orders, string owner, string person, string? tab)
    {
        if (_runs.Count >= MostRuns) throw new BusyException("Too many people are here: try again in a minute.");
        var turn = desk.Turn(person, orders.Count);
        return [.. orders.Select(order => Begin(order, owner, turn, tab))];
    }

    private string Begin(TextOrder order, string owner, SharedTurn turn, string? tab)
    {
        var run = new PlaygroundRun(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), owner) { Order = order, Tab = tab };
        run.Leave(clock.GetUtcNow());
        _runs[run.Id] = run;
        if (tab is not null && _gone.ContainsKey((owner, tab))) run.Stop.Cancel();
        _ = Task.Run(() => MakeAsync(run, order, turn));
        return run.Id;
    }

    /// <summary>A tab is closed: what it asked for stops at once, and so does what is still on its way here.</summary>
    public async Task LeaveAsync(string owner, string tab)
    {
        if (_gone.Count < MostRuns) _gone[(owner, tab)] = clock.GetUtcNow();
        foreach (var run in _runs.Values.Where(run => run.Owner == owner && run.Tab == tab && !run.IsOver)) await run.Stop.CancelAsync();
    }

    /// <summary>Null for a run that is another's, as for one that is not there.</summary>
    public PlaygroundRun? Find(string id, string? owner) => owner is not null && _runs.TryGetValue(id, out var run) && run.Owner == owner ? run : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Sweep, clock);
        using var end = stoppingToken.Register(timer.Dispose); // the next tick is then none, rather than an exception that the host takes for a failure
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            var now = clock.GetUtcNow();
            foreach (var gone in _gone.Where(gone => now - gone.Value > Patience)) _gone.TryRemove(gone);
            foreach (var run in _runs.Values.Where(run => run.AloneSince is { } since && now - since > (run.IsOver ? Keep : Patience)))
            {
                await run.Stop.CancelAsync();
                if (run.IsOver && _runs.TryRemove(run.Id, out _)) run.Dispose();
            }
        }
        foreach (var run in _runs.Values) await run.Stop.CancelAsync(); // before the models go
    }

    private async Task MakeAsync(PlaygroundRun run, TextOrder order, SharedTurn turn)
    {
        try
        {
            var began = clock.GetTimestamp();
            double? first = null;
            await foreach (var step in desk.MakeAsync(order, turn, run.Stop.Token))
            {
                if (step is TextStep.Piece) first ??= clock.GetElapsedTime(began).TotalMilliseconds;
                run.Tell(Json(step, first), last: false);
            }
            run.Tell("""{"is":"end"}""", last: true);
        }
        catch (OperationCanceledException)
        {
            run.Tell("""{"is":"end"}""", last: true); // it was stopped while it waited
        }
        catch (Exception failure) when (failure is BusyException or ModelRefusedException or HostFailedException)
        {
            run.Tell(Failed(failure.Message), last: true);
        }
        catch (Exception failure)
        {
            logger.LogError("A run of the playground failed: {Kind}", failure.GetType().Name); // its message may hold the prompt
            run.Tell(Failed("Something went wrong on our side. It has been logged; try again."), last: true);
        }
    }

    private static string Failed(string message) => new JsonObject { ["is"] = "failed", ["message"] = message }.ToJsonString(JsonSerializerOptions.Web);

    private static string Json(TextStep step, double? first)
    {
        JsonObject json = step switch
        {
            TextStep.Queued queued => new() { ["is"] = "queued", ["before"] = queued.Before, ["seconds"] = queued.Wait is { } wait ? Math.Ceiling(wait.TotalSeconds) : null },
            TextStep.MakesWay => new() { ["is"] = "makes-way" },
            TextStep.Loading { Progress: var progress } => new() { ["is"] = "loading", ["built"] = progress.IsBuilt, ["done"] = progress.Done, ["bytes"] = progress.Total, ["step"] = progress.Step, ["seconds"] = progress.Left is { } left ? Math.Ceiling(left.TotalSeconds) : null },
            TextStep.Prompt prompt => new() { ["is"] = "prompt", ["text"] = prompt.Text, ["tokens"] = prompt.Tokens, ["device"] = prompt.Host?.Device, ["context"] = prompt.Host?.Context, ["weights"] = prompt.Host?.Weights },
            TextStep.Piece { Message: var piece } told => new()
            {
                ["is"] = "piece",
                ["index"] = told.Index,
                ["text"] = piece.Text,
                ["tokens"] = piece.Tokens.Count,
                ["told"] = piece.Told is { } tokens ? new JsonArray([.. tokens.Select(Json)]) : null,
            },
            TextStep.Done done => new()
            {
                ["is"] = "done",
                ["index"] = done.Index,
                ["finish"] = done.Message.Finish.ToString().ToLowerInvariant(),
                ["prompt_tokens"] = done.Message.PromptTokens,
                ["new_tokens"] = done.Message.NewTokens,
                ["seed"] = done.Message.Seed,
                ["prefill_ms"] = done.Message.PrefillMs,
                ["decode_ms"] = done.Message.DecodeMs,
                ["first_ms"] = first,
            },
            _ => throw new ArgumentException($"{step} is no step that a page knows.", nameof(step)),
        };
        return json.ToJsonString(JsonSerializerOptions.Web);
    }

    private static JsonObject Json(ToldToken token) => new()
    {
        ["text"] = token.Text,
        ["logprob"] = token.LogProbability,
        ["top"] = new JsonArray([.. token.Alternatives.Select(other => (JsonNode)new JsonObject { ["text"] = other.Text, ["logprob"] = other.LogProbability })]),
    };
}
