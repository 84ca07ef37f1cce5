using System.Text.Json;
using ModelAtlas.Inference.Prompts.Jinja;

namespace ModelAtlas.Inference.Prompts;

/// <summary>The chat templates of a model folder: <c>chat_template.jinja</c>, else <c>chat_template</c> of <c>tokenizer_config.json</c>, which is one template or several by name.</summary>
public sealed class ChatTemplateFolder
{
    private const int MaxFile = 64 * 1024 * 1024;

    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _specialTokens = new(StringComparer.Ordinal);

    private ChatTemplateFolder() { }

    /// <summary>The tokens that templates name, such as <c>bos_token</c>, as <c>tokenizer_config.json</c> gives them.</summary>
    public IReadOnlyDictionary<string, JsonElement> SpecialTokens => _specialTokens;

    /// <exception cref="TemplateException">The folder holds no template, or a file that cannot be read.</exception>
    public static ChatTemplateFolder Open(string folder)
    {
        var found = new ChatTemplateFolder();
        var config = Path.Combine(folder, "tokenizer_config.json");
        if (File.Exists(config)) found.ReadConfig(config);
        var plain = Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(plain)) found._sources["default"] = File.ReadAllText(Limited(plain));
        return found._sources.Count > 0
            ? found
            : throw new TemplateException("FileNotFoundError", $"{folder} has neither chat_template.jinja nor a chat_template in tokenizer_config.json: the model completes text, it does not chat");
    }

    /// <summary>The template for a request: one named <c>tool_use</c> where there are tools and there is one, else the default.</summary>
    public ChatTemplate For(bool hasTools) => ChatTemplate.Parse(
        hasTools && _sources.TryGetValue("tool_use", out var withTools) ? withTools
        : _sources.TryGetValue("default", out var usual) ? usual
        : _sources.Values.First());

    /// <summary>The request with the folder's special tokens added where it does not name them itself.</summary>
    public JsonElement Complete(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object) return request;
        var all = new Dictionary<string, JsonElement>(_specialTokens, StringComparer.Ordinal);
        foreach (var property in request.EnumerateObject()) all[property.Name] = property.Value;
        return JsonSerializer.SerializeToElement(all);
    }

    private void ReadConfig(string path)
    {
        try
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(Limited(path)));
            if (config.RootElement.ValueKind != JsonValueKind.Object) return;
            foreach (var property in config.RootElement.EnumerateObject())
            {
                if (property.NameEquals("chat_template")) ReadTemplates(property.Value);
                else if (property.Name.EndsWith("_token", StringComparison.Ordinal))
                {
                    var token = property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("content", out var content) ? content : property.Value;
                    if (token.ValueKind == JsonValueKind.String) _specialTokens[property.Name] = token.Clone();
                }
            }
        }
        catch (JsonException broken)
        {
            throw new TemplateException("ValueError", $"{path} is no JSON: {broken.Message}");
        }
    }

    private void ReadTemplates(JsonElement templates)
    {
        if (templates.ValueKind == JsonValueKind.String) _sources["default"] = templates.GetString() ?? "";
        if (templates.ValueKind != JsonValueKind.Array) return;
        foreach (var named in templates.EnumerateArray())
            if (named.ValueKind == JsonValueKind.Object && named.TryGetProperty("name", out var name) && named.TryGetProperty("template", out var template)
                && name.ValueKind == JsonValueKind.String && template.ValueKind == JsonValueKind.String)
                _sources[name.GetString() ?? ""] = template.GetString() ?? "";
    }

    private static string Limited(string path) => new FileInfo(path).Length <= MaxFile
        ? path
        : throw new TemplateException("LimitError", $"{path} is larger than {MaxFile / 1024 / 1024} MiB");
}
