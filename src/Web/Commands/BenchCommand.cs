using System.CommandLine;
using System.Text.Json.Nodes;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Web.Commands;

/// <summary><c>./atlas bench</c>: how fast a model is here, as one JSON line.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        var prompt = Number("--prompt", 64, 1, "Tokens of the prompt.");
        var made = Number("--new", 64, 1, "Tokens to generate.");
        var batch = Number("--batch", 1, 1, "Texts at once.");
        var context = Number("--context", 0, 0, "Tokens that are there already when generating is timed; 0: those of the prompt.");
        var repetitions = Number("--reps", 3, 1, "How often.");
        var command = new Command("bench", "Measure a model: prefill and decode speed, step times, load time, memory.") { model.Model, prompt, made, batch, context, repetitions };
        model.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            var shape = new DecoderTrial.Shape(parsed.GetValue(prompt), parsed.GetValue(made), parsed.GetValue(batch), parsed.GetValue(context), parsed.GetValue(repetitions));
            using var loaded = model.Load(parsed, shape.Batch);
            if (Math.Max(shape.Prompt, shape.Context) + (long)shape.New > loaded.Decoder.Context)
                throw new CommandException($"{Math.Max(shape.Prompt, shape.Context)} + {shape.New} tokens are more than the model's context of {loaded.Decoder.Context}: ask for fewer.", exitCode: 2);
            Console.Out.WriteLine(Line(Path.Exists(parsed.GetRequiredValue(model.Model)) ? Path.GetFileName(loaded.Package.Folder) : parsed.GetRequiredValue(model.Model), loaded, shape, DecoderTrial.Run(loaded.Decoder, shape, cancellationToken)).ToJsonString());
        }, cancellationToken));
        return command;
    }

    private static JsonObject Line(string name, LoadedModel loaded, DecoderTrial.Shape shape, DecoderTrial.Result result) => new()
    {
        ["model"] = name,
        ["weights"] = loaded.Package.Weights,
        ["device"] = loaded.Device.Name,
        ["reason"] = loaded.Device.Reason,
        ["prompt"] = shape.Prompt,
        ["new"] = shape.New,
        ["batch"] = shape.Batch,
        ["context"] = Math.Max(shape.Context, shape.Prompt),
        ["load_s"] = Math.Round(loaded.Loading.TotalSeconds, 3),
        ["prefill_tokens_per_second"] = new JsonObject { ["best"] = Math.Round(result.PrefillBest, 1), ["median"] = Math.Round(result.PrefillMedian, 1) },
        ["decode_tokens_per_second"] = new JsonObject { ["best"] = Math.Round(result.DecodeBest, 1), ["median"] = Math.Round(result.DecodeMedian, 1) },
        ["step_ms"] = new JsonObject { ["p10"] = Math.Round(result.StepP10, 3), ["median"] = Math.Round(result.StepMedian, 3) },
        ["stop_ms"] = result.StopMs is { } stop ? Math.Round(stop, 1) : null,
        ["peak_mb"] = result.PeakMegabytes,
        ["managed_bytes_per_token"] = result.ManagedBytesPerToken,
    };

    private static Option<int> Number(string name, int usual, int least, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(given =>
        {
            if (given.Tokens is [var token, ..] && !(int.TryParse(token.Value, out var number) && number >= least && number <= 1 << 20)) given.AddError($"{name} {token.Value} is out of range: give {least} to {1 << 20}");
        });
        return option;
    }
}
