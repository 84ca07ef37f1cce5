using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Inference.BuiltIn;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Prompts;
using ModelAtlas.Inference.Prompts.Tokenizers;

namespace ModelAtlas.Web.Commands;

/// <summary><c>./atlas run</c>: generates in the terminal, or one JSON line a text.</summary>
internal static class RunCommand
{
    private const int UsualNewTokens = 256;
    private static readonly JsonSerializerOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var model = new ModelOptions();
        model.Model.Arity = ArgumentArity.ZeroOrOne;
        model.Model.Description += " Without it the built-in model answers, also where a question stands in its place.";
        var prompt = new Argument<string?>("PROMPT") { Description = "What to go on from; without it, standard input.", Arity = ArgumentArity.ZeroOrOne };
        var (sampling, shape) = (new SamplingOptions(), new ShapeOptions());
        var command = new Command("run", "Generate text with a model, streaming; --json prints one line for each text instead.") { model.Model, prompt, model.Ids };
        model.AddTo(command);
        sampling.AddTo(command);
        shape.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(() => Run(model, parsed, parsed.GetValue(prompt), sampling.Read(parsed), shape.Read(parsed), cancellationToken), cancellationToken));
        return command;
    }

    private static int Run(ModelOptions options, ParseResult parsed, string? prompt, SamplingWish wish, TextShape shape, CancellationToken cancellationToken)
    {
        var name = parsed.GetValue(options.Model);
        if (prompt is null && name is not null && name.Any(char.IsWhiteSpace) && !Path.Exists(name)) (name, prompt) = (null, name);
        using var model = options.Load(parsed, Math.Min(shape.Texts, 8), name: name ?? BuiltInModel.Id, measuresLoss: true);
        if (!shape.Json && model.Package.Loss is not null) Console.Error.WriteLine($"Weights: {model.Package.Weights}");
        var reader = new PromptReader(model.Package.Folder);
        var tokenizer = reader.Tokenizer;
        var sampling = wish.Over(model.Package.Defaults);
        if (sampling.Complaint() is { } complaint) throw new CommandException(complaint, exitCode: 2);
        if (tokenizer is null && shape.Stop.Count > 0) throw new CommandException($"{model.Package.Folder} has no tokenizer.json, so no stop text can be found: leave out --stop.");
        IEnumerable<IReadOnlyList<int>> prompts = parsed.GetValue(options.Ids) is { Length: > 0 } ids ? ids : [Encode(reader, prompt, shape.Chat)];
        var finished = true;
        foreach (var tokens in prompts) finished &= Generate(model, tokenizer, tokens, sampling, wish.Seed ?? Random.Shared.Next(), shape, cancellationToken);
        return finished ? 0 : 130;
    }

    private static bool Generate(LoadedModel model, HubTokenizer? tokenizer, IReadOnlyList<int> tokens, Sampling sampling, int seed, TextShape shape, CancellationToken cancellationToken)
    {
        var batch = new GenerationBatch(model.Decoder, model.Decoder.CanBatch);
        var texts = Enumerable.Range(0, shape.Texts).Select(i =>
        {
            var request = new GenerationRequest(tokens, sampling)
            {
                MaxNewTokens = shape.NewTokens ?? model.Package.Defaults.MaxNewTokens ?? UsualNewTokens,
                EndIds = model.Package.Defaults.EndIds,
                Stop = shape.Stop,
                Seed = unchecked(seed + i),
            };
            return new Text(request, tokenizer, streams: !shape.Json && shape.Texts == 1, cancellationToken);
        }).ToList();
        foreach (var text in texts) batch.Add(text.Continuation);
        batch.Run();
        foreach (var text in texts)
            if (shape.Json) Console.Out.WriteLine(Line(model, text, tokenizer is not null));
            else Console.Out.WriteLine(shape.Texts == 1 && tokenizer is not null ? "" : tokenizer is null ? string.Join(',', text.Continuation.Ids) : text.Whole);
        return texts.TrueForAll(text => text.Continuation.Finish != FinishReason.Cancelled);
    }

    private static string Line(LoadedModel model, Text text, bool hasText)
    {
        var (made, ids) = (text.Continuation, text.Continuation.Ids.ToList());
        var line = new JsonObject
        {
            ["ids"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]),
            ["text"] = hasText ? text.Whole : null,
            ["prompt_tokens"] = made.PromptTokens,
            ["finish"] = made.Finish?.ToString().ToLowerInvariant(),
            ["prefill_ms"] = Math.Round(made.Prefill.TotalMilliseconds, 2),
            ["decode_ms"] = Math.Round(made.Decode.TotalMilliseconds, 2),
            // The first token comes out of the prefill; the others each cost a step.
            ["tokens_per_second"] = made.Decode > TimeSpan.Zero ? Math.Round((ids.Count - 1) / made.Decode.TotalSeconds, 2) : null,
            ["device"] = model.Device.Name,
            ["weights"] = model.Package.Weights,
            ["loss"] = model.Package.Loss is { } loss ? Math.Round(loss.Loss, 5) : null,
        };
        return line.ToJsonString(_json);
    }

    private static IReadOnlyList<int> Encode(PromptReader reader, string? prompt, bool chat)
    {
        var text = prompt ?? (Console.IsInputRedirected ? Console.In.ReadToEnd() : throw new CommandException("There is no prompt: give one, or token ids with --ids.", exitCode: 2));
        if (!chat) return reader.Read(text);
        var request = new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }), ["add_generation_prompt"] = true };
        return reader.Read(JsonSerializer.SerializeToElement(request), TimeProvider.System.GetLocalNow());
    }

    /// <summary>A text in the making, shown as it comes or kept for its line.</summary>
    private sealed class Text
    {
        private readonly System.Text.StringBuilder _whole = new();

        public Text(GenerationRequest request, HubTokenizer? tokenizer, bool streams, CancellationToken cancellationToken) =>
            Continuation = new(request, tokenizer, cancellationToken, step =>
            {
                _whole.Append(step.Text);
                if (streams && step.Text.Length > 0) Console.Out.Write(Terminal.Safe(step.Text));
            });

        public Continuation Continuation { get; }
        public string Whole => _whole.ToString();
    }
}
