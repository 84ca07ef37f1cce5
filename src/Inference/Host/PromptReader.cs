using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Prompts;
using ModelAtlas.Inference.Prompts.Jinja;
using ModelAtlas.Inference.Prompts.Tokenizers;

namespace ModelAtlas.Inference.Host;

/// <summary>Turns what was asked into tokens, with the tokenizer and the chat template of the model's folder.</summary>
internal sealed class PromptReader
{
    private readonly string _folder;
    private readonly ChatTemplateFolder? _templates;

    public PromptReader(ModelPackage package)
    {
        _folder = package.Folder;
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

    public HubTokenizer? Tokenizer { get; }

    public bool Chats => _templates is not null && Tokenizer is not null;

    public IReadOnlyList<int> Read(GenerateMessage asked, DateTimeOffset now)
    {
        if (asked.Ids is { } ids) return ids;
        if (Tokenizer is null) throw new ModelRefusedException($"{_folder} has no tokenizer.json: give the prompt as token ids.");
        if (asked.Text is { } text) return [.. Tokenizer.Encode(text, addSpecial: true).Select(token => token.Id)];
        return asked.Chat is { } chat
            ? ChatPrompt.Encode(_templates ?? throw new ModelRefusedException($"{_folder} has no chat template: give the prompt as text to go on from."), Tokenizer, chat, now)
            : throw new ModelRefusedException("There is no prompt: give ids, text or a chat.");
    }
}
