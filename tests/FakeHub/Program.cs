using System.CommandLine;
using ModelAtlas.Testing.Hub;

var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 takes any free one.", DefaultValueFactory = _ => 8090 };
var models = new Option<string[]>("--models") { Description = "JSON lines (gzip too) in the hub's shape, or folders of models-*.jsonl(.gz).", AllowMultipleArgumentsPerToken = true };
var datasets = new Option<string[]>("--datasets") { Description = "The same for datasets.", AllowMultipleArgumentsPerToken = true };
var cards = new Option<string[]>("--cards") { Description = "JSON lines {id, card}.", AllowMultipleArgumentsPerToken = true };
var count = new Option<int>("--count") { Description = "Made-up models, where no file is given.", DefaultValueFactory = _ => 5000 };
var quota = new Option<int?>("--quota") { Description = "API calls that are allowed in five minutes; the real hub gives strangers 500." };
var flaky = new Option<double>("--flaky") { Description = "Share of answers that fail (5xx, resets, cut bodies, 429), such as 0.1." };
var modelsDev = new Option<string?>("--models-dev") { Description = "A copy of models.dev's api.json (gzip too), served as /api.json." };
var token = new Option<string?>("--token") { Description = "The one access token that is accepted." };

var folders = new Option<string[]>("--folder") { Description = "OWNER/NAME=DIR: a model whose files can be fetched.", AllowMultipleArgumentsPerToken = true };

var root = new RootCommand("A hub on loopback for trying the crawl offline.") { port, models, datasets, cards, count, quota, flaky, modelsDev, token, folders };
root.SetAction(async (given, cancellationToken) =>
{
    await using var hub = await FakeHub.StartAsync(given.GetValue(port));
    foreach (var file in given.GetValue(models) ?? []) HubFiles.Load(hub.Models, file, "models-*");
    foreach (var file in given.GetValue(datasets) ?? []) HubFiles.Load(hub.Datasets, file, "datasets-*");
    foreach (var file in given.GetValue(cards) ?? []) HubFiles.LoadCards(hub.Models, file);
    foreach (var folder in given.GetValue(folders) ?? [])
        if (folder.Split('=', 2) is [var id, var path]) HubFiles.LoadFolder(hub.Models, id, path);
    if (given.GetValue(models) is null or [])
    {
        foreach (var model in FakeModels.Make(given.GetValue(count))) hub.Models.Add(model);
        for (var number = 0; number < given.GetValue(count) / 10; number++) hub.Datasets.Add(FakeModels.Dataset(number));
    }
    if (given.GetValue(quota) is { } calls) hub.Limits = new(calls, TimeSpan.FromMinutes(5), TimeProvider.System);
    if (given.GetValue(modelsDev) is { } services) hub.ModelsDev = HubFiles.Text(services);
    hub.Token = given.GetValue(token);
    hub.FailAtRandom(given.GetValue(flaky), seed: 1);

    Console.WriteLine($"A fake hub with {hub.Models.Count} models and {hub.Datasets.Count} datasets is on {hub.Endpoint}");
    Console.WriteLine($"Try it:  Atlas__Hub__Endpoint={hub.Endpoint} ./atlas sync --once");
    await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
});
return await root.Parse(args).InvokeAsync();
