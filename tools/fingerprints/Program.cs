using ModelAtlas.Domain.Licenses;
using ModelAtlas.Domain.Licenses.Texts;
using ModelAtlas.Tools.Fingerprints;

// Builds the fingerprints that Domain carries from a folder of licence texts, one FILE.txt per licence id.
//   dotnet run --project tools/fingerprints -- FOLDER [--out src/Domain/Licenses/Data/fingerprints.bin] [--list]
var folder = args.FirstOrDefault(argument => !argument.StartsWith('-'));
if (folder is null || !Directory.Exists(folder))
{
    Console.Error.WriteLine("Name the folder with the licence texts, e.g. dotnet run --project tools/fingerprints -- ../shared/data/licenses/texts");
    return 2;
}
var notes = NotesFile.Read(Path.Combine(AppContext.BaseDirectory, "notes.json"));
var unknown = notes.Keys.Where(id => !File.Exists(Path.Combine(folder, id + ".txt"))).ToList();
if (unknown is not []) Console.Error.WriteLine($"notes.json has notes on texts that the folder lacks: {string.Join(", ", unknown)}");
var texts = new List<(string Id, string Text, TextNotes Notes)>();
foreach (var file in Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal))
{
    var id = Path.GetFileNameWithoutExtension(file);
    var note = notes.GetValueOrDefault(id) ?? new();
    if (note.Skip is not null) Console.Error.WriteLine($"{id} left out: {note.Skip}");
    else if (LicenseDesk.Find(id) is null) Console.Error.WriteLine($"{id} left out: the registry has no such licence");
    else texts.Add((id, File.ReadAllText(file), note));
}
var built = FingerprintBuilder.Build(texts);
if (args.Contains("--list")) Listing.Write(built, texts);
var target = args.SkipWhile(argument => argument != "--out").Skip(1).FirstOrDefault() ?? Path.Combine("src", "Domain", "Licenses", "Data", "fingerprints.bin");
using (var stream = File.Create(target)) built.Write(stream);
Console.WriteLine($"{built.Texts.Count} texts, {built.Texts.Sum(text => text.Length)} words, {built.Vocabulary.Count} different ones, {new FileInfo(target).Length} bytes in {target}");
return 0;
