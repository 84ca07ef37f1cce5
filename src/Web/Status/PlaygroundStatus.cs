using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Web.Display;
using ModelAtlas.Web.Playground;

namespace ModelAtlas.Web.Status;

/// <summary>What models run on here, which are in memory, and how many people wait.</summary>
internal sealed class PlaygroundStatus(MachineDevice device, HostedModels hosts, ServedModels served, TextQueue queue)
{
    private const int MostNamed = 8;

    public async Task<IReadOnlyList<StatusLine>> ReadAsync(CancellationToken cancellationToken)
    {
        var models = await served.ListAsync(cancellationToken);
        var (running, waiting) = queue.Load;
        return
        [
            StatusLine.Of("Device for models", device.IsThere, device.Words),
            StatusLine.Of("Playground", models is not [], models is [] ? "There is no model to ask." : $"{Amount.Models(models.Count)} can be asked. {Loaded(models)}"),
            new("Queue", StatusMark.Well, $"{Requests(running)}; {(waiting == 0 ? "nobody waits" : $"{Amount.Full(waiting)} wait for a turn")}."),
            .. hosts.All.Where(host => host.Value.Quarantined is not null).Select(host => new StatusLine("Playground", StatusMark.NotWell, $"{Name(host.Key, models)} failed several times and is not tried again until its keeper says so.")),
        ];
    }

    private string Loaded(IReadOnlyList<ServedModel> models)
    {
        var loaded = hosts.All.Where(host => host.Value.IsLoaded).Select(host => host.Value.Loaded is { } told ? $"{Name(host.Key, models)} ({told.Device}, {told.Weights})" : Name(host.Key, models)).Order(StringComparer.Ordinal).ToList();
        return loaded is [] ? "None is in memory: the first prompt loads the one it asks."
            : $"In memory: {string.Join(", ", loaded.Take(MostNamed))}{(loaded.Count > MostNamed ? $" and {loaded.Count - MostNamed} more" : "")}.";
    }

    /// <summary>A folder of this machine is nobody else's business.</summary>
    private static string Name(string folder, IReadOnlyList<ServedModel> models) => models.FirstOrDefault(model => model.Folder == folder)?.Id ?? "a model that has left the shelf";

    private static string Requests(int running) => running switch { 0 => "Nothing is being answered", 1 => "1 request is being answered", _ => $"{Amount.Full(running)} requests are being answered" };
}
