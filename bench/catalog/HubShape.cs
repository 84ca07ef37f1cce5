using System.Globalization;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Bench.Catalog;

/// <summary>
/// A hub of any size: the same seed gives the same rows. Shares are estimates of the real one's: 63.6 % of models without a licence, 56 % without a task, some 4.7 tags that say
/// something new, an author for every five models and the largest with one model in a hundred, a tag name for every seven, 39, 59 and 2 % of the three classes.
/// </summary>
internal sealed class HubShape(int rows, int seed, int moreTags)
{
    private static readonly string[] Syllables = ["ba", "ne", "lo", "mi", "ra", "tu", "ke", "so", "vi", "da", "po", "ga", "xi", "fe", "zu", "hy"];
    private static readonly string[] Common = ["llama", "qwen", "bert", "mistral", "gemma", "lora", "gguf", "instruct", "chat", "base", "7b", "8b", "1b", "v2", "finetuned", "large", "small", "sft", "dpo", "merge"];

    private readonly Zipf _tag = new(Tags(rows), 0.95, 4), _author = new(Authors(rows), 0.75, 8), _word = new(60_000, 0.9, 3);
    private readonly Zipf _license = new(77, 1.3, 1.5), _task = new(Tasks, 1.2, 2), _library = new(Libraries, 1.6, 1), _language = new(Languages, 1.5, 1);

    public const int Tasks = 48, Libraries = 64, Languages = 122;

    public int Count => rows;

    /// <summary>Names have numbers one kind after the other: tasks, libraries, languages, tags, authors.</summary>
    public IEnumerable<(int Number, TermKind Kind, string Name)> Terms() =>
        Enumerable.Range(1, Tasks).Select(number => (number, TermKind.Task, $"task-{number}"))
            .Concat(Enumerable.Range(1, Libraries).Select(number => (Tasks + number, TermKind.Library, $"library-{number}")))
            .Concat(Enumerable.Range(1, Languages).Select(number => (Tasks + Libraries + number, TermKind.Language, $"l{number}")))
            .Concat(Enumerable.Range(0, Tags(rows)).Select(number => (FirstTag + number, TermKind.Tag, Tag(number))))
            .Concat(Enumerable.Range(0, Authors(rows)).Select(number => (FirstAuthor + number, TermKind.Author, Author(number))));

    public static IEnumerable<CatalogLicense> Licenses() =>
        LicenseDesk.All.Take(77).Select((license, at) => new CatalogLicense { Id = at + 1, Key = license.Id, Name = license.Name, SpdxId = license.SpdxId, LicenseClass = license.Class, Known = true });

    public IEnumerable<HubRow> Rows()
    {
        var random = new Random(seed);
        for (var id = 1; id <= rows; id++) yield return Row(random, id);
    }

    private HubRow Row(Random random, int id)
    {
        int? Maybe(double share, Func<int> draw) => random.NextDouble() < share ? draw() : null;
        var (author, created) = (_author.Draw(random), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds((long)(Math.Sqrt(random.NextDouble()) * 2400 * 86_400)));
        return new(id, $"{Author(author)}/{string.Join('-', Words(random, 2 + random.Next(3)))}-{id.ToString(CultureInfo.InvariantCulture)}", FirstAuthor + author)
        {
            Class = random.NextDouble() switch { < 0.02 => 3, < 0.41 => 1, _ => 2 },
            Basis = (short)(random.NextDouble() switch { < 0.6 => 5, < 0.9 => 3, < 0.96 => 4, _ => 2 }),
            Rung = (short?)Maybe(0.4, () => 1 + random.Next(4)),
            Gating = (short)(random.NextDouble() switch { < 0.96 => 1, < 0.985 => 2, _ => 3 }),
            Conflict = random.NextDouble() < 0.01,
            WeightsLevel = random.NextDouble() switch { < 0.93 => AxisLevel.Public, < 0.97 => AxisLevel.Gated, < 0.99 => AxisLevel.None, _ => AxisLevel.Unknown },
            LicenseLevel = random.NextDouble() switch { < 0.62 => AxisLevel.Unknown, < 0.9 => AxisLevel.Open, < 0.97 => AxisLevel.UseRestricted, _ => AxisLevel.NonCommercial },
            CodeLevel = random.NextDouble() switch { < 0.8 => AxisLevel.Unknown, < 0.9 => AxisLevel.Partial, < 0.95 => AxisLevel.Open, _ => AxisLevel.None },
            DataLevel = random.NextDouble() switch { < 0.7 => AxisLevel.Unknown, < 0.85 => AxisLevel.Described, < 0.93 => AxisLevel.Open, < 0.96 => AxisLevel.Partial, _ => AxisLevel.None },
            License = Maybe(0.364, () => 1 + _license.Draw(random)),
            Task = Maybe(0.44, () => 1 + _task.Draw(random)),
            Library = Maybe(0.7, () => 1 + Tasks + _library.Draw(random)),
            Languages = [.. Enumerable.Range(0, random.NextDouble() < 0.25 ? 1 + (random.Next(5) == 0 ? random.Next(4) : 0) : 0).Select(_ => 1 + Tasks + Libraries + _language.Draw(random)).Distinct()],
            Tags = [.. Enumerable.Range(0, 1 + random.Next(5) + random.Next(5) + moreTags).Select(_ => FirstTag + _tag.Draw(random)).Distinct()],
            Relation = (short?)Maybe(0.45, () => random.Next(10) switch { < 4 => 1, < 6 => 2, < 9 => 3, _ => 4 }),
            Created = created,
            Updated = created.AddSeconds((long)(Math.Pow(random.NextDouble(), 4) * 300 * 86_400)),
            Parameters = random.NextDouble() < 0.45 ? (long)Math.Pow(10, 6.5 + (random.NextDouble() * 4.5)) : null,
            ContextLength = random.NextDouble() < 0.08 ? 2048 << random.Next(8) : null,
            Summary = random.NextDouble() < 0.35 ? string.Join(' ', Words(random, 8 + random.Next(16))) : null,
            Downloads = (long)(Math.Pow(random.NextDouble(), -1.1) * 8) - 8,
            Likes = (int)Math.Min(20_000, Math.Pow(random.NextDouble(), -0.8) - 1),
            Trending = random.NextDouble() < 0.01 ? random.Next(200) : 0,
        };
    }

    private IEnumerable<string> Words(Random random, int count) => Enumerable.Range(0, count).Select(_ => _word.Draw(random) is var word && word < Common.Length ? Common[word] : Spell(word));

    private static int FirstTag => 1 + Tasks + Libraries + Languages;

    private int FirstAuthor => FirstTag + Tags(rows);

    private static int Tags(int rows) => Math.Max(100, (int)(rows * 0.1355));

    private static int Authors(int rows) => Math.Max(20, (int)(rows * 0.2073));

    private static string Tag(int number) => number < 4 ? new[] { "safetensors", "onnx", "gguf", "endpoints_compatible" }[number] : number % 3 == 0 ? $"dataset:{Spell(number)}/{Spell(number / 7)}" : Spell(number);

    private static string Author(int number) => number % 2 == 0 ? Spell(number + 77) : $"{Spell(number / 3)}-{Spell(number)}";

    /// <summary>A word of its own for every number.</summary>
    private static string Spell(int number)
    {
        var word = "";
        for (number += 300; number > 0; number /= Syllables.Length) word += Syllables[number % Syllables.Length];
        return word;
    }
}
