using System.Text.Json;
using ModelAtlas.Inference.Prompts;
using ModelAtlas.Inference.Prompts.Jinja;
using ModelAtlas.Testing;

namespace ModelAtlas.Inference.Tests.Prompts;

public sealed class ChatTemplateParityTests
{
    private const string Folder = "chat-templates";

    [Fact]
    public void Published_templates_render_as_the_reference_renders_them_and_fail_where_it_fails()
    {
        var folder = SharedData.Find(Folder);
        Assert.SkipWhen(folder is null, SharedData.SkipMessage(Folder));
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        var cases = expected.RootElement.GetProperty("cases").EnumerateArray().ToList();
        var wrong = new List<string>();
        foreach (var file in expected.RootElement.GetProperty("expected").EnumerateObject())
        {
            var source = File.ReadAllText(Path.Combine(folder, file.Name));
            foreach (var (index, want) in file.Value.EnumerateArray().Index())
            {
                var got = Render(source, cases[index]);
                var same = want.TryGetProperty("ok", out var ok) ? got.Ok == ok.GetString() : got.Error is not null;
                if (!same) wrong.Add($"{file.Name}#{index}: {got.Error ?? Difference(ok.GetString() ?? "", got.Ok ?? "")}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static (string? Ok, string? Error) Render(string source, JsonElement request)
    {
        try
        {
            return (ChatTemplate.Parse(source).Render(request, new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero)), null);
        }
        catch (TemplateException refused)
        {
            return (null, refused.Message);
        }
    }

    private static string Difference(string want, string got)
    {
        var at = want.Zip(got).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"differs at {at}: wanted '{want.Substring(at, Math.Min(60, want.Length - at))}', got '{got.Substring(at, Math.Min(60, got.Length - at))}'";
    }
}
