using System.CommandLine;
using ModelAtlas.Inference.Generation;

namespace ModelAtlas.Web.Commands;

internal sealed class SamplingOptions
{
    private readonly Option<bool> _greedy = new("--greedy") { Description = "Always the likeliest token: no penalty, and no sampling value of the model's own." };
    private readonly Option<double?> _temperature = new("--temperature") { Description = "0 takes the likeliest token, 1 draws as the model says." };
    private readonly Option<int?> _topK = new("--top-k") { Description = "Draw from so many tokens; 0: from all." };
    private readonly Option<double?> _topP = new("--top-p") { Description = "Draw from the fewest tokens that are this likely together." };
    private readonly Option<double?> _minP = new("--min-p") { Description = "Leave out tokens less likely than this part of the likeliest." };
    private readonly Option<double?> _penalty = new("--repetition-penalty") { Description = "Above 1: what was said already becomes less likely." };
    private readonly Option<int?> _seed = new("--seed") { Description = "The same seed on the same device gives the same text." };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _greedy, _temperature, _topK, _topP, _minP, _penalty, _seed }) command.Add(option);
    }

    public SamplingWish Read(ParseResult parsed) => new(parsed.GetValue(_greedy), parsed.GetValue(_temperature), parsed.GetValue(_topK), parsed.GetValue(_topP), parsed.GetValue(_minP), parsed.GetValue(_penalty), parsed.GetValue(_seed));
}

/// <summary>How much text, where it ends, and how it is printed.</summary>
internal sealed record TextShape(int? NewTokens, int Texts, IReadOnlyList<string> Stop, bool Chat, bool Json);

internal sealed class ShapeOptions
{
    private readonly Option<int?> _newTokens = new("--max-new-tokens") { Description = "Most tokens to generate (default: the model's own limit, else 256)." };
    private readonly Option<int> _texts = new("--num-return-sequences") { Description = "So many texts from one prompt.", DefaultValueFactory = _ => 1 };
    private readonly Option<string[]> _stop = new("--stop") { Description = "End before this text. May be given several times.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _chat = new("--chat") { Description = "The prompt is a message: use the model's chat template." };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON line for each text, with ids, times and what it ran on." };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _newTokens, _texts, _stop, _chat, _json }) command.Add(option);
        _newTokens.Validators.Add(given => Between(given, "--max-new-tokens", 0, 16 * 1024 * 1024));
        _texts.Validators.Add(given => Between(given, "--num-return-sequences", 1, 64));
    }

    public TextShape Read(ParseResult parsed) => new(parsed.GetValue(_newTokens), parsed.GetValue(_texts), parsed.GetValue(_stop) ?? [], parsed.GetValue(_chat), parsed.GetValue(_json));

    private static void Between(System.CommandLine.Parsing.OptionResult given, string option, int least, int most)
    {
        if (given.Tokens is [var token, ..] && !(int.TryParse(token.Value, out var number) && number >= least && number <= most)) given.AddError($"{option} {token.Value} is out of range: give {least} to {most}");
    }
}
