using System.Globalization;
using ModelAtlas.Inference.Prompts.Tokenizers;
using ModelAtlas.Tools.BuiltInModel;
using ModelAtlas.Tools.BuiltInModel.Export;
using ModelAtlas.Tools.BuiltInModel.Text;

// Makes the built-in model from nothing: README.md beside this file says how.
const int Pieces = 1536;
string Option(string name, string usual) => args.SkipWhile(argument => argument != "--" + name).Skip(1).FirstOrDefault() ?? usual;
var folder = Option("out", Path.Combine("artifacts", "built-in-model"));
var conversations = int.Parse(Option("conversations", Corpus.Size.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
Directory.CreateDirectory(folder);
var corpus = new Corpus();
switch (args.FirstOrDefault())
{
    case "text":
        foreach (var exchange in Enumerable.Range(0, conversations).SelectMany(corpus.Conversation)) Console.WriteLine($"> {exchange.Question}\n{exchange.Answer}");
        return 0;
    case "tokens":
        var sample = Enumerable.Range(0, 15_000).SelectMany(corpus.Conversation).SelectMany(exchange => new[] { exchange.Question, exchange.Answer });
        TokenizerFiles.Write(folder, PieceTrainer.Learn(sample, Pieces - 256 - Dialogue.Marks.Count));
        var dialogue = new Dialogue(HubTokenizer.Load(Path.Combine(folder, "tokenizer.json")));
        using (var tokens = new BinaryWriter(File.Create(Path.Combine(folder, "conversations.bin"))))
            foreach (var ids in Enumerable.Range(0, conversations).AsParallel().AsOrdered().Select(number => dialogue.Ids(corpus.Conversation(number)).ToArray()))
            {
                foreach (var id in ids) tokens.Write((ushort)id);
                tokens.Write(ushort.MaxValue);
            }
        if (Option("questions", "") is { Length: > 0 } questions)
            using (var tokens = new BinaryWriter(File.Create(Path.Combine(folder, "questions.bin"))))
                foreach (var line in File.ReadLines(questions).Where(line => line.StartsWith("> ", StringComparison.Ordinal)))
                    foreach (var id in (IEnumerable<int>)[1, .. dialogue.Ids(line[2..]), 2]) tokens.Write((ushort)id);
        return 0;
    case "export":
        var target = Option("to", Path.Combine("src", "Inference", "BuiltIn"));
        Directory.CreateDirectory(Path.Combine(target, "onnx"));
        File.WriteAllBytes(Path.Combine(target, "onnx", "model_q8.onnx"), DecoderGraph.Write(TrainedNetwork.Read(folder)));
        foreach (var file in new[] { "config.json", "tokenizer.json" }) File.Copy(Path.Combine(folder, file), Path.Combine(target, file), overwrite: true);
        TokenizerFiles.WriteAround(target);
        return 0;
    case "ask":
        var asked = HeldOut.Read(Option("questions", Path.Combine("tests", "Inference.Tests", "BuiltIn", "questions.txt")));
        var answers = Asking.Answers(Option("model", Path.Combine("src", "Inference", "BuiltIn")), asked.Select(one => one.Question), CancellationToken.None);
        foreach (var (one, answer) in asked.Zip(answers)) Console.WriteLine($"{(one.IsRight(answer) ? "right" : "WRONG")}  {one.Question}\n       {answer}");
        Console.WriteLine($"{asked.Zip(answers).Count(pair => pair.First.IsRight(pair.Second))} of {asked.Count} right");
        return 0;
    default:
        Console.Error.WriteLine("Name a step: text, tokens, export or ask.");
        return 2;
}
