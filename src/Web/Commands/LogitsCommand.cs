using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Web.Commands;

/// <summary><c>./atlas logits</c> and <c>./atlas score</c>: a model's numbers, for comparing it with others.</summary>
internal static class LogitsCommand
{
    public static Command CreateLogits()
    {
        var model = new ModelOptions();
        var command = new Command("logits", "Logits behind the last token of each --ids: one JSON array a line.") { model.Model, model.Ids };
        model.AddTo(command);
        model.Ids.Required = true;
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            using var loaded = model.Load(parsed);
            foreach (var ids in parsed.GetRequiredValue(model.Ids))
            {
                loaded.Decoder.Truncate(0, 0);
                Console.Out.WriteLine(JsonSerializer.Serialize(loaded.Decoder.Append(0, ids, cancellationToken).ToArray(), NumbersJson.Default.SingleArray));
            }
        }, cancellationToken));
        return command;
    }

    public static Command CreateScore()
    {
        var model = new ModelOptions();
        var command = new Command("score", "How likely the model finds each --ids: one line {\"nll\", \"logprobs\"} each.") { model.Model, model.Ids };
        model.AddTo(command);
        model.Ids.Required = true;
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            using var loaded = model.Load(parsed, wholeLogits: true);
            foreach (var ids in parsed.GetRequiredValue(model.Ids))
            {
                if (ids.Length < 2) throw new CommandException("A text of one token has no likelihood: give two ids or more.", exitCode: 2);
                var found = Likelihood.Of(loaded.Decoder, ids, cancellationToken);
                Console.Out.WriteLine(new JsonObject { ["nll"] = -found.Average(value => (double)value), ["logprobs"] = new JsonArray([.. found.Select(value => (JsonNode)value)]) }.ToJsonString());
            }
        }, cancellationToken));
        return command;
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(float[]))]
[System.Text.Json.Serialization.JsonSourceGenerationOptions(NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed partial class NumbersJson : System.Text.Json.Serialization.JsonSerializerContext;
