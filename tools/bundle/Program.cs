using ModelAtlas.Bundle;
using ModelAtlas.Ingest.HuggingFace;

if (args is not [var data, var output])
{
    Console.Error.WriteLine("usage: dotnet run --project tools/bundle -- DATA OUTPUT, such as ../shared/data src/Ingest/Bundled/catalogue.jsonl");
    return 2;
}
var hub = Path.Combine(data, "hub");
if (!Directory.Exists(hub))
{
    Console.Error.WriteLine($"{hub} is not there; give the folder of the reference data as the first argument.");
    return 1;
}
const string Lists = "tools/bundle";
if (!Directory.Exists(Lists))
{
    Console.Error.WriteLine($"{Lists} is not there; run this from the root of the repository.");
    return 1;
}
var chosen = Choice.Read(Path.Combine(Lists, "models.txt"));
var leftOut = Choice.Read(Path.Combine(Lists, "services-left-out.txt"));

var collected = new Collected(chosen);
CatalogueFiles.Read(Path.Combine(hub, "catalog"), collected);
SingleAnswers.Read(hub, collected);
CardFiles.Read(hub, collected);

List<HubModel> rows = [];
foreach (var id in chosen)
{
    if (RowMerge.Merge(collected.Of(id)) is not { } row)
    {
        Console.Error.WriteLine($"{id}: no source knows it; take it out of models.txt.");
        return 1;
    }
    rows.Add(RowTrim.Trim(row));
}
rows.AddRange(ClosedModels.Read(Path.Combine(hub, "reference", "models-dev-api.json.gz"), leftOut));
BundleFile.Write(output, rows);
Console.WriteLine($"{rows.Count} models, {new FileInfo(output).Length:N0} bytes");
return 0;
