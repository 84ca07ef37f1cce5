using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Prompts;
using ModelAtlas.Inference.Prompts.Jinja;

namespace ModelAtlas.Web.Commands;

/// <summary><c>./atlas render DIR FILE</c>: a model's chat template on its own, one JSON line a request.</summary>
internal static class RenderCommand
{
    private static readonly JsonSerializerOptions _json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "Model folder with chat_template.jinja or tokenizer_config.json, or a GGUF file, which has a template of its own." };
        var file = new Argument<FileInfo>("FILE") { Description = "JSON array of requests: {\"messages\":[…],\"tools\":[…],\"add_generation_prompt\":true,…}." };
        var now = new Option<string?>("--now") { Description = "Fix the clock of templates that print the date, e.g. 2026-11-23." };
        var command = new Command("render", "Render a model's chat template: one line {\"ok\":\"text\"} or {\"err\":\"message\"} for each request.") { folder, file, now };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(file), parsed.GetValue(now)));
        return command;
    }

    private static int Run(string folder, FileInfo file, string? now)
    {
        if (!Path.Exists(folder)) throw new CommandException($"{folder} is not there: give the folder that holds the chat template, or a GGUF file.");
        if (!file.Exists) throw new CommandException($"{file} does not exist: give a file with a JSON array of requests.");
        var clock = now is null ? TimeProvider.System.GetLocalNow()
            : DateTimeOffset.TryParse(now, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var given) ? given
            : throw new CommandException($"--now {now} is not a date: write it as 2026-11-23.", 2);
        try
        {
            using var model = ModelTexts.Open(folder);
            var templates = ChatTemplateFolder.Open(model.Folder);
            using var requests = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
            if (requests.RootElement.ValueKind != JsonValueKind.Array) throw new CommandException($"{file} holds no JSON array of requests.");
            foreach (var request in requests.RootElement.EnumerateArray()) Console.Out.WriteLine(Render(templates, request, clock));
            return 0;
        }
        catch (Exception refused) when (refused is TemplateException or JsonException)
        {
            throw new CommandException(refused.Message);
        }
    }

    private static string Render(ChatTemplateFolder templates, JsonElement request, DateTimeOffset clock)
    {
        try
        {
            var hasTools = request.ValueKind == JsonValueKind.Object && request.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() > 0;
            return new JsonObject { ["ok"] = templates.For(hasTools).Render(templates.Complete(request), clock) }.ToJsonString(_json);
        }
        catch (TemplateException refused)
        {
            return new JsonObject { ["err"] = refused.Message }.ToJsonString(_json);
        }
    }
}
