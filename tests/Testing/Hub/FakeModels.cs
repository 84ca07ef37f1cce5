using System.Globalization;
using System.Text.Json.Nodes;

namespace ModelAtlas.Testing.Hub;

/// <summary>Made-up repositories in the hub's shape. The same seed gives the same ones.</summary>
public static class FakeModels
{
    private static readonly string[] Licenses = ["apache-2.0", "mit", "cc-by-nc-4.0", "llama3.1", "gemma", "other", "openrail"];
    private static readonly string[] Tasks = ["text-generation", "text-to-image", "automatic-speech-recognition", "fill-mask", "image-classification"];
    private static readonly string[] Libraries = ["transformers", "diffusers", "peft", "sentence-transformers", "gguf"];
    private static readonly string[] Words = ["amber", "birch", "cobalt", "delta", "ember", "fjord", "garnet", "harbor", "indigo", "juniper", "krill", "lumen"];

    public static IEnumerable<JsonObject> Make(int count, int seed = 1)
    {
        var random = new Random(seed);
        for (var number = 0; number < count; number++) yield return One(number, random);
    }

    /// <summary>One model with all that the crawl asks for; change what the test is about.</summary>
    public static JsonObject One(int number, Random random)
    {
        var created = new DateTime(2022, 3, 2, 23, 29, 4, DateTimeKind.Utc).AddMinutes(number * 7L);
        var author = $"{Pick(Words, random)}-{Pick(Words, random)}";
        var license = random.Next(10) < 4 ? Pick(Licenses, random) : null;
        var task = random.Next(10) < 5 ? Pick(Tasks, random) : null;
        var library = random.Next(10) < 6 ? Pick(Libraries, random) : null;
        string?[] tags = [library, task, license is null ? null : $"license:{license}", "en", "region:us"];
        var model = new JsonObject
        {
            ["_id"] = $"{new DateTimeOffset(created).ToUnixTimeSeconds():x8}{number:x16}",
            ["id"] = $"{author}/{Pick(Words, random)}-{number.ToString(CultureInfo.InvariantCulture)}",
            ["createdAt"] = FakeRepo.Iso(created),
            ["lastModified"] = FakeRepo.Iso(created.AddHours(random.Next(1, 5000))),
            ["gated"] = random.Next(50) switch { 0 => "auto", 1 => "manual", _ => false },
            ["downloads"] = random.Next(1_000_000),
            ["likes"] = random.Next(1000),
            ["trendingScore"] = random.Next(20),
            ["tags"] = new JsonArray([.. tags.OfType<string>().Select(tag => JsonValue.Create(tag))]),
            ["siblings"] = new JsonArray(File("README.md"), File("config.json"), File("model.safetensors")),
        };
        if (task is not null) model["pipeline_tag"] = task;
        if (library is not null) model["library_name"] = library;
        if (license is not null) model["cardData"] = random.Next(2) == 0 ? new() { ["license"] = license } : new JsonObject { ["license"] = new JsonArray(license) };
        if (random.Next(3) == 0) model["safetensors"] = new JsonObject { ["parameters"] = new JsonObject { ["BF16"] = 7_000_000L + number }, ["total"] = 7_000_000L + number };
        return model;
    }

    public static JsonObject Dataset(int number) => new()
    {
        ["_id"] = $"62000000{number:x16}",
        ["id"] = $"data-{number % 7}/set-{number}",
        ["createdAt"] = FakeRepo.Iso(new DateTime(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(number)),
        ["downloads"] = number,
        ["likes"] = number % 100,
        ["tags"] = new JsonArray("license:mit", "region:us"),
        ["cardData"] = new JsonObject { ["license"] = "mit" },
    };

    private static JsonObject File(string name) => new() { ["rfilename"] = name };

    private static T Pick<T>(T[] from, Random random) => from[random.Next(from.Length)];
}
