using ModelAtlas.Inference.Prompts.Tokenizers;

namespace ModelAtlas.Tools.BuiltInModel.Text;

/// <summary>Conversations as the model reads them: a mark, the question, a mark, the answer, an end.</summary>
internal sealed class Dialogue(HubTokenizer tokenizer)
{
    public const string End = "<|end|>";
    public const string User = "<|user|>";
    public const string Assistant = "<|assistant|>";

    /// <summary>In the order of their ids, which are the first.</summary>
    public static readonly IReadOnlyList<string> Marks = [End, User, Assistant];

    /// <summary>What is learnt is told by the marks: everything behind an assistant's mark up to the end.</summary>
    public IEnumerable<int> Ids(IReadOnlyList<Exchange> conversation) => conversation.SelectMany(exchange => (IEnumerable<int>)[1, .. Ids(exchange.Question), 2, .. Ids(exchange.Answer), 0]);

    public IEnumerable<int> Ids(string text) => tokenizer.Encode(text, addSpecial: false, parseSpecial: false).Select(token => token.Id);
}
