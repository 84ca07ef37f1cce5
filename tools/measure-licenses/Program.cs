using System.Diagnostics;
using System.Globalization;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Domain.Licenses.Texts;
using ModelAtlas.Tools.Fingerprints;
using ModelAtlas.Tools.MeasureLicenses;

// How well licence texts are recognised, under our own disfigurements, on texts left out, and on a folder of other texts.
//   dotnet run --project tools/measure-licenses -- ../shared/data/licenses/texts [--unseen FOLDER] [--show]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [var folder, ..] || !Directory.Exists(folder))
{
    Console.Error.WriteLine("Name the folder with the licence texts, e.g. dotnet run --project tools/measure-licenses -- ../shared/data/licenses/texts");
    return 2;
}
var show = args.Contains("--show");
var notes = NotesFile.Read(Path.Combine(AppContext.BaseDirectory, "notes.json"));
var texts = Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal)
    .Select(file => (Id: Path.GetFileNameWithoutExtension(file), Text: File.ReadAllText(file)))
    .Select(text => (text.Id, text.Text, Notes: notes.GetValueOrDefault(text.Id) ?? new()))
    .Where(text => text.Notes.Skip is null && LicenseDesk.Find(text.Id) is not null).ToList();
var identifier = new TextIdentifier(FingerprintBuilder.Build(texts));
var tally = new Tally(show);
var clock = Stopwatch.StartNew();

foreach (var (name, apply) in Disfigurements.Harmless)
{
    foreach (var (id, text, _) in texts) tally.Harmless(name, id, identifier.Identify(apply(text, new Random(Seed(id, name)))));
}
foreach (var (name, apply) in Disfigurements.Harmful)
{
    foreach (var (id, text, _) in texts)
    {
        if (apply(text, new Random(Seed(id, name))) is { } changed && changed != text)
        {
            if (show && identifier.Nearest(changed) is { } near) Console.WriteLine($"STAT {name} {id} {near.Known.Id} sim {near.Similarity:0.000} matched {near.Matched}/{near.Known.Length} missing {near.Missing} added {near.Added} diffs {near.Differences.Count} places {identifier.Places(near)} rew {TextIdentifier.Rewritten(near):0.000}");
            tally.Harmful(name, id, identifier.Identify(changed));
        }
    }
}
for (var i = 0; i < texts.Count; i++)
{
    var other = texts[(i + 7) % texts.Count];
    tally.Foreign("two texts joined", texts[i].Id + " + " + other.Id, identifier.Identify(texts[i].Text + "\n\n" + other.Text));
    tally.Foreign("two halves joined", texts[i].Id + " + " + other.Id, identifier.Identify(texts[i].Text[..(texts[i].Text.Length / 2)] + "\n\n" + other.Text[(other.Text.Length / 2)..]));
    tally.Foreign("a name only", texts[i].Id, identifier.Identify($"This model is released under the {LicenseDesk.Find(texts[i].Id)?.Name}. See the website of the licensor for the full text of the license, please."));
}
var seen = clock.Elapsed;

var built = texts.Select(text => FingerprintBuilder.Build(text.Id, text.Text, text.Notes)).ToList();
var vocabulary = FingerprintBuilder.Build(texts).Vocabulary;
for (var i = 0; i < texts.Count; i++)
{
    var without = new TextIdentifier(new([.. built.Where((_, at) => at != i)], vocabulary));
    if (show && without.Nearest(texts[i].Text) is { } near) Console.WriteLine($"STAT left {texts[i].Id} {near.Known.Id} sim {near.Similarity:0.000} matched {near.Matched}/{near.Known.Length} missing {near.Missing} added {near.Added} diffs {near.Differences.Count} places {identifier.Places(near)} rew {TextIdentifier.Rewritten(near):0.000}");
    tally.Foreign("left out of the fingerprints", texts[i].Id, without.Identify(texts[i].Text));
    tally.Foreign("left out, other holder, wrapped", texts[i].Id, without.Identify(Disfigurements.Harmless[^1].Apply(texts[i].Text, new Random(i))));
}
var unseen = args.SkipWhile(argument => argument != "--unseen").Skip(1).FirstOrDefault();
if (unseen is not null)
{
    foreach (var file in Directory.EnumerateFiles(unseen).Order(StringComparer.Ordinal)) tally.Foreign("other texts", Path.GetFileName(file), identifier.Identify(File.ReadAllText(file)));
}
tally.Write(Console.Out);
FactCount.Write(Console.Out, folder);
Console.WriteLine($"{tally.Count} texts identified; {seen.TotalMilliseconds / Math.Max(1, tally.SeenCount):0.0} ms each with all fingerprints loaded");
return 0;

static int Seed(string id, string name) => (int)Word.HashOf(id + name);
