using ModelAtlas.Bundle;
using ModelAtlas.Ingest.HuggingFace;

const string Lists = "tools/bundle";
const int Generations = 5;

if (args is not [var data, var output, ..])
{
    Console.Error.WriteLine("usage: dotnet run --project tools/bundle -- DATA OUTPUT [TABLE], such as ../shared/data src/Ingest/Bundled/catalogue.jsonl");
    return 2;
}
var hub = Path.Combine(data, "hub");
if (!Directory.Exists(hub) || !Directory.Exists(Lists))
{
    Console.Error.WriteLine($"{(Directory.Exists(hub) ? Lists : hub)} is not there; run this from the root of the repository and give the folder of the reference data first.");
    return 1;
}

var chosen = Choice.Read(Path.Combine(Lists, "models.txt"));
var collected = Collected.Read(hub, chosen);
if (chosen.Find(id => collected.Of(id).Count == 0) is { } unknown)
{
    Console.Error.WriteLine($"{unknown}: no source knows it; take it out of models.txt.");
    return 1;
}
var cited = new CitedFacts(Path.Combine(Lists, "cited.jsonl"));
List<HubModel> rows = [.. chosen.Select(Row)];
rows.AddRange(ClosedModels.Read(Path.Combine(hub, "reference", "models-dev-api.json.gz")));

var proofs = new Proofs(new(Path.Combine(Lists, "makers-files.txt"), Path.Combine(hub, "repos")));
foreach (var row in rows) proofs.Add(row, row.Atlas?.Kind is null ? RowMerge.Card(collected.Of(row.Id)) : null);
for (var generation = 0; generation < Generations && proofs.UnreadBases().ToList() is [_, ..] bases; generation++)
{
    var context = Collected.Read(hub, bases);
    foreach (var id in bases)
        if (RowMerge.Merge(context.Of(id)) is { } row) proofs.Add(row, RowMerge.Card(context.Of(id)));
}

var ids = rows.Select(row => row.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
List<HubModel> shipped = [.. rows.Select(row => proofs.Cite(row, ids))];
var judged = Shipped.Verdicts(shipped);
BundleFile.Write(output, shipped);
Console.WriteLine($"{shipped.Count} models, {new FileInfo(output).Length:N0} bytes");
foreach (var row in shipped)
{
    var (whole, kept) = (proofs.Verdict(row.Id), judged[row.Id]);
    if ((whole.Class, whole.Basis, whole.License.Effective) != (kept.Class, kept.Basis, kept.License.Effective))
        Console.Error.WriteLine($"{row.Id}: {whole.Class} {whole.Basis} {whole.License.Effective} of all evidence, {kept.Class} {kept.Basis} {kept.License.Effective} of what is shipped");
}
if (args is [_, _, var table]) VerdictTable.Write(table, judged);
return 0;

HubModel Row(string id) => cited.Add(RowTrim.Trim(RowMerge.Merge(collected.Of(id)) ?? throw new InvalidOperationException(id)));
