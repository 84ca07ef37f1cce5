using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Prompts.Tokenizers;

namespace ModelAtlas.Web.Commands;

/// <summary><c>./atlas tokenize DIR FILE</c>: a model's tokenizer on its own, one JSON line a string.</summary>
internal static class TokenizeCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "Model folder with tokenizer.json, or a GGUF file, which has a tokenizer of its own." };
        var file = new Argument<FileInfo>("FILE") { Description = "JSON array of strings." };
        var special = new Option<bool>("--special") { Description = "Add the special tokens that the model's post-processor puts around a text." };
        var command = new Command("tokenize", "Tokenize strings: one line {\"ids\":[…],\"text\":\"decoded\"} for each.") { folder, file, special };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(file), parsed.GetValue(special)));
        return command;
    }

    private static int Run(string folder, FileInfo file, bool special)
    {
        if (!file.Exists) throw new CommandException($"{file} does not exist: give a file with a JSON array of strings.");
        try
        {
            using var model = ModelTexts.Open(folder);
            var tokenizer = HubTokenizer.Load(Path.Combine(model.Folder, "tokenizer.json"));
            using var texts = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
            if (texts.RootElement.ValueKind != JsonValueKind.Array) throw new CommandException($"{file} holds no JSON array of strings.");
            foreach (var text in texts.RootElement.EnumerateArray())
            {
                if (text.ValueKind != JsonValueKind.String) throw new CommandException($"{file} holds something that is no string: {text.ValueKind}.");
                var ids = tokenizer.Encode(text.GetString() ?? "", special).Select(token => token.Id).ToList();
                var line = new JsonObject { ["ids"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]), ["text"] = tokenizer.Decode(ids) };
                Console.Out.WriteLine(line.ToJsonString());
            }
            return 0;
        }
        catch (Exception refused) when (refused is TokenizerException or JsonException)
        {
            throw new CommandException(refused.Message);
        }
    }
}
