using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Tests.Catalog.Index;

/// <summary>A model with all that the index knows of it, kept so that every answer can be found again by looking at each model.</summary>
internal sealed partial record SampleModel(int Id, string Name)
{
    public static readonly string[] Tasks = [.. Enumerable.Range(0, 9).Select(number => $"task-{number}")];
    public static readonly string[] Libraries = ["transformers", "gguf", "diffusers", "timm"];
    public static readonly string[] Languages = ["en", "fr", "de", "zh", "ar", "sw"];
    public static readonly string[] Tags = [.. Enumerable.Range(0, 60).Select(number => $"tag-{(char)('a' + (number % 7))}{number}"), "onnx", "safetensors", "Ünïcode märk", "中文"];
    public static readonly string[] Licenses = ["apache-2.0", "mit", "llama3", "gemma", "cc-by-nc-4.0", "openrail", "my own licence"];
    private static readonly string[] Words = ["llama", "bert", "Tiny", "chat", "7b", "Base", "β-vae", "gpt2", "%_", "mix"];

    private static readonly ConditionalWeakTable<SampleModel, HashSet<string>> Known = [];

    public int? Class { get; init; }
    public int Basis { get; init; }
    public int? Rung { get; init; }
    public int Gating { get; init; }
    public int State { get; init; }
    public bool Conflict { get; init; }
    public int Weights { get; init; }
    public int Code { get; init; }
    public int Data { get; init; }
    public int? Context { get; init; }
    public string? License { get; init; }
    public string? Task { get; init; }
    public string? Library { get; init; }
    public IReadOnlyList<string> SpokenIn { get; init; } = [];
    public IReadOnlyList<string> Tagged { get; init; } = [];
    public IReadOnlyList<int> Relations { get; init; } = [];
    public DateTime? Created { get; init; }
    public DateTime? Updated { get; init; }
    public long? Parameters { get; init; }
    public string? Summary { get; init; }
    public (int Downloads, int Likes, int Trending)? Counters { get; init; }

    public string Author => Name.Split('/')[0];

    public HashSet<string> SearchWords => Known.GetValue(this, static model => [.. new[] { model.Name, model.Summary ?? "" }.Concat(model.Tagged).SelectMany(WordsOf)]);

    public static IEnumerable<string> WordsOf(string text) => Word().Matches(text).Select(word => word.Value.ToLowerInvariant());

    public static SampleModel Make(Random random, int id)
    {
        T Skewed<T>(IReadOnlyList<T> values) => values[(int)(values.Count * Math.Pow(random.NextDouble(), 2.5))];
        IReadOnlyList<T> Some<T>(IReadOnlyList<T> values, int most) => [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => Skewed(values)).Distinct()];
        DateTime? Time() => random.Next(9) == 0 ? null : new DateTime(2019, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(random.Next(7 * 365 * 86_400));
        return new(id, $"{Skewed(new[] { "meta", "meta-x", "tiny", "β-lab", "o%_o", "zeta" })}{(random.Next(3) == 0 ? random.Next(40).ToString(CultureInfo.InvariantCulture) : "")}/{string.Join('-', Some(Words, 3).Append($"m{id}"))}")
        {
            Class = random.Next(4) is > 0 and var kind ? kind : null,
            Basis = 1 + random.Next(5),
            Rung = random.Next(5) is > 0 and var rung ? rung : null,
            Gating = Skewed([1, 0, 2, 3, 4]),
            State = Skewed([0, 0, 1, 2, 3, 4, 5]),
            Conflict = random.Next(20) == 0,
            Weights = Skewed([4, 3, 0, 1, 2]),
            Code = Skewed([0, 6, 7, 1]),
            Data = Skewed([0, 5, 7, 6, 1]),
            Context = random.Next(3) == 0 ? random.GetItems([512, 2_000, 2_048, 8_192, 32_000, 131_072], 1)[0] : null,
            License = random.Next(2) == 0 ? null : Skewed(Licenses),
            Task = random.Next(2) == 0 ? null : Skewed(Tasks),
            Library = random.Next(3) == 0 ? null : Skewed(Libraries),
            SpokenIn = Some(Languages, 2),
            Tagged = Some(Tags, 6),
            Relations = random.Next(2) == 0 ? [CatalogWords.Original] : [.. Some([1, 2, 3, 4, 0], 2).Append(1).Distinct()],
            Created = Time(),
            Updated = Time(),
            Parameters = random.Next(3) == 0 ? null : (long)Math.Pow(10, 5 + (random.NextDouble() * 7)),
            Summary = random.Next(4) == 0 ? string.Join(' ', Some(Words, 4)) : null,
            Counters = random.Next(12) == 0 ? null : ((int)Math.Pow(10, random.NextDouble() * 6) - 1, random.Next(40), random.Next(5)),
        };
    }

    public void CopyTo(IndexedModel row, Terms terms)
    {
        int Term(TermKind kind, string? name) => name is null ? FacetColumn.None : terms.Find(kind, name) ?? throw new InvalidOperationException(name);
        void Fill(List<int> into, TermKind kind, IReadOnlyList<string> names)
        {
            into.Clear();
            into.AddRange(names.Select(name => Term(kind, name)));
        }

        row.Id = Id;
        (row[Column.Class], row[Column.Basis], row[Column.Rung], row[Column.Gating], row[Column.State], row[Column.Conflict]) = (Class ?? FacetColumn.None, Basis, Rung ?? FacetColumn.None, Gating, State, Conflict ? 1 : 0);
        (row[Column.License], row[Column.Task], row[Column.Library]) = (License is null ? FacetColumn.None : terms.FindLicenses(License).Single(), Term(TermKind.Task, Task), Term(TermKind.Library, Library));
        (row[Column.Weights], row[Column.Code], row[Column.Data], row[Column.Context]) = (Weights, Code, Data, Context ?? FacetColumn.None);
        Fill(row.Languages, TermKind.Language, SpokenIn);
        Fill(row.Tags, TermKind.Tag, Tagged);
        row.Relations.Clear();
        row.Relations.AddRange(Relations);
        row.Created = Created is { } created ? IndexTime.Of(created) : SortOrder<int>.None;
        row.Updated = Updated is { } updated ? IndexTime.Of(updated) : SortOrder<int>.None;
        row.Parameters = Parameters ?? SortOrder<long>.None;
        row.Name = Encoding.UTF8.GetBytes(Name);
        row.Summary = Encoding.UTF8.GetBytes(Summary ?? "");
    }

    public static Terms AllTerms { get; } = Named();

    /// <summary>In two steps, as names come while models do.</summary>
    private static Terms Named()
    {
        var terms = new[] { (TermKind.Task, Tasks), (TermKind.Library, Libraries), (TermKind.Language, Languages), (TermKind.Tag, Tags) }
            .SelectMany(kind => kind.Item2, (kind, name) => (kind.Item1, name)).Select((term, at) => (Number: at * 3 + 5, Kind: term.Item1, Name: term.name)).ToList();
        return new[] { terms[..20], terms[20..] }.Aggregate(Terms.None, (known, added) =>
        {
            var table = new TermTable();
            foreach (var term in added) table.Add(term.Number, term.Kind, Encoding.UTF8.GetBytes(term.Name));
            return known.With(table, Licenses.Select((key, at) => new CatalogLicense { Id = at + 1, Key = key, Name = key.ToUpperInvariant(), LicenseClass = "open" }));
        });
    }

    [GeneratedRegex(@"[\p{L}\p{Nd}\p{Mn}\p{Mc}]+")]
    private static partial Regex Word();
}
