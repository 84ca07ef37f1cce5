using System.Globalization;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Tools.BuiltInModel.Text;

/// <summary>A licence the model is to know, with the names that people give it.</summary>
/// <param name="Name">As it stands inside a sentence.</param>
internal sealed record SpokenLicense(License License, double Weight, string Name, IReadOnlyList<string> Spoken)
{
    public static IReadOnlyList<SpokenLicense> Read() =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Text", "licences.txt")).Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new SpokenLicense(
                LicenseDesk.Find(cells[0]) ?? throw new InvalidDataException($"licences.txt names {cells[0]}, which is no licence known here."),
                double.Parse(cells[1], CultureInfo.InvariantCulture), cells[2], cells[3].Split(';', StringSplitOptions.TrimEntries))),
    ];

    public string AnyName(Random random) => Spoken[random.Next(Spoken.Count)];

    public Answer? Says(FactTag tag) => License.Fact(tag).Answer;

    /// <summary>What kind of licence it is, as a predicate.</summary>
    public string Kind => (License.Class, License.Family) switch
    {
        (LicenseClass.Open, "permissive") => "a permissive open licence",
        (LicenseClass.Open, "weak-copyleft") => "an open licence with weak copyleft",
        (LicenseClass.Open, "strong-copyleft") => "an open licence with strong copyleft",
        (LicenseClass.Open, "public-domain") => "a public domain dedication",
        (LicenseClass.UseRestricted, "rail") => "a RAIL licence, open to all but with forbidden uses",
        (LicenseClass.UseRestricted, _) => "a community licence that limits uses",
        (LicenseClass.LicenseeRestricted, _) => "a community licence that limits who may use the model",
        (LicenseClass.NonCommercial, "research-only") => "a licence for research only",
        (LicenseClass.NonCommercial, _) => "a non-commercial licence",
        _ => "a licence that reserves rights that open ones give",
    };
}
