using ModelAtlas.Tools.MeasureClassifier;

if (args is not [var data, .. var what] || what.Any(word => word is not ("truth" or "speed")))
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tools/measure-classifier -- DATA [truth] [speed], such as ../shared/data");
    return 2;
}
if (!Directory.Exists(Path.Combine(data, "hub")) || !Directory.Exists(Path.Combine(data, "truth")))
{
    Console.Error.WriteLine($"{data} holds no hub and truth folders; give the folder of the reference data.");
    return 1;
}
if (what is [] || what.Contains("truth")) TruthReport.Print(data, Console.Out);
if (what is [] || what.Contains("speed")) SpeedReport.Print(Path.Combine(data, "hub", "catalog", "models-list-2024-07.jsonl.gz"), Console.Out);
return 0;
