using System.Text.Json;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Prompts.Jinja;
using ModelAtlas.Inference.Prompts.Tokenizers;

namespace ModelAtlas.Inference.Prompts;

/// <summary>Turns what was asked into tokens, with the tokenizer and the chat template of a model's folder.</summary>
public sealed class PromptReader
{
    private readonly string _folder;
    private readonly ChatTemplateFolder? _templates;

    /// <exception cref="TokenizerException">The folder's tokenizer cannot be used.</exception>
    public PromptReader(string folder)
    {
        _folder = folder;
        var path = Path.Combine(_folder, "tokenizer.json");
        Tokenizer = File.Exists(path) ? HubTokenizer.Load(path) : null;
        try
        {
            _templates = ChatTemplateFolder.Open(_folder);
        }
        catch (TemplateException)
        {
            _templates = null; // it completes text; whoever chats with it is told
        }
    }

    /// <summary>Null where the folder has none: prompts are ids then, and texts too.</summary>
    public HubTokenizer? Tokenizer { get; }

    public bool Chats => _templates is not null && Tokenizer is not null;

    public IReadOnlyList<int> Read(string text) => [.. Known.Encode(text, addSpecial: true).Select(token => token.Id)];

    /// <param name="chat">What a chat template takes: <c>messages</c>, <c>tools</c>, <c>add_generation_prompt</c>.</param>
    /// <exception cref="TemplateException">The template refuses the messages.</exception>
    public IReadOnlyList<int> Read(JsonElement chat, DateTimeOffset now) => ChatPrompt.Encode(
        _templates ?? throw new ModelRefusedException($"{_folder} has no chat template: give the prompt as text to go on from."), Known, chat, now);

    private HubTokenizer Known => Tokenizer ?? throw new ModelRefusedException($"{_folder} has no tokenizer.json: give the prompt as token ids.");
}
