namespace ModelAtlas.Tools.BuiltInModel.Text;

/// <summary>How people type: a greeting before, thanks behind, small letters, no question mark, a slip of the finger.</summary>
internal static class Speech
{
    private static readonly string[] Before =
    [
        "hi, ", "hello, ", "hey, ", "quick question: ", "please tell me: ", "question: ", "I wonder, ", "sorry, ", "one more thing: ", "so ", "ok, ", "well, ", "tell me, ", "and ", "just to be sure: ", "hi! ", "dear assistant, ", "could you tell me: ",
        "I am a student: ", "for my thesis: ", "my boss asks: ", "we are a startup: ", "I have a question. ", "in general, ", "in your opinion, ", "for a hobby project: ", "legally speaking, ", "as a beginner I ask: ", "assume I have a blog: ",
    ];

    private static readonly string[] After = [" please", " thanks", ", please", ", thanks", " exactly", " actually", " then", " in general", " at all", " these days", " by any chance", " or not", " really"];

    private static readonly string[] Contexts =
    [
        "{I|we} {run|have|started|work for|own} {a small|a big|a new|a local} {bakery|company|law firm|hospital|school|web shop|studio|bank|newspaper|charity|research lab|city office}.",
        "{I am|we are} {building|writing|planning|testing|making} {a chatbot|a game|an app|a search tool|a translation tool|a web site|a summariser|a voice assistant|a classifier} {for|with} {lawyers|doctors|children|customers|farmers|colleagues|students|drivers}.",
        "{my|our} {teacher|lawyer|customer|friend|colleague|manager|professor|partner} {asked me|wants to know|asks|told me to find out} {this|something|about licences|the following}:",
        "{I found|we downloaded|I got|somebody sent me} {a model|some weights|a checkpoint|a network} {yesterday|on the Hub|last week|from a friend|on a server}.",
        "{suppose|imagine|let us say|assume} {we are|I am|one is} {a developer|a company|a student|a journalist|a public office} in {Berlin|Lyon|Ohio|Oslo|Madrid|Tokyo}.",
        "{I read|I heard|they say|I learnt} {a lot|something strange|different things|little} about {licences|this topic|models|openness} and am {confused|curious|not sure|unsure}.",
    ];

    /// <summary>Words that mean about the same, so that the one that was never seen in a place is at least known from others.</summary>
    private static readonly (string Word, string Others)[] Alike =
    [
        ("allow", "{let|permit|tolerate|accept|okay}"), ("permit", "{allow|let|tolerate}"), ("forbid", "{ban|outlaw|rule out|prohibit}"), ("require", "{insist on|call for|oblige me to|ask for|force}"), ("publish", "{release|put out|make public|open}"),
        ("weights", "{parameters|files|weights}"), ("users", "{people|customers|visitors|users}"), ("revenue", "{earnings|turnover|income|sales}"), ("model", "{system|network|AI|checkpoint|model}"), ("sell", "{market|resell|sell}"),
        ("fine-tune", "{retrain|tune|train further|adapt}"), ("licence", "{terms|agreement|license|licence}"), ("author", "{creator|maker|developer|publisher}"), ("restrictions", "{limits|rules|prohibitions|conditions}"), ("code", "{source|scripts|programs|software}"),
        ("data", "{dataset|corpus|training set|texts}"), ("share", "{hand on|give away|spread|circulate}"), ("must", "{shall|must|ought}"), ("difference", "{contrast|distinction|difference}"), ("commercially", "{for profit|in business|for money}"), ("derivatives", "{derived models|adaptations|spin-offs|variants}"),
        ("mean", "{stand for|tell me|signify}"), ("explain", "{describe|clarify|outline|tell me about}"), ("changes", "{edits|alterations|modifications}"), ("company", "{firm|business|corporation|enterprise}"), ("limit", "{cap|ceiling|maximum|bound}"),
        ("product", "{app|service|tool|offer}"), ("notice", "{credit|mention|note}"), ("patents", "{patent rights|inventions|patents}"), ("train", "{teach|build|improve}"),
    ];

    public static string Typed(string question, Random random)
    {
        var none = new Dictionary<string, string?>();
        foreach (var (word, others) in Alike)
            if (random.NextDouble() < 0.18 && question.Contains(" " + word + " ", StringComparison.Ordinal))
                question = question.Replace(" " + word + " ", " " + Wording.Make(others, random, none) + " ", StringComparison.Ordinal);
        if (random.NextDouble() < 0.1) question = Exchange.Sentence(Wording.Make(Contexts[random.Next(Contexts.Length)], random, none)) + " " + Exchange.Sentence(question);
        else if (random.NextDouble() < 0.22) question = Before[random.Next(Before.Length)] + question;
        if (random.NextDouble() < 0.12) question += After[random.Next(After.Length)];
        if (random.NextDouble() < 0.75) question = Exchange.Sentence(question);
        if (question.Length > 0 && char.IsLetterOrDigit(question[^1]) && random.NextDouble() < 0.75) question += random.NextDouble() < 0.9 ? "?" : ".";
        if (random.NextDouble() < 0.2) question = question.ToLowerInvariant();
        else if (random.NextDouble() < 0.02) question = question.ToUpperInvariant();
        if (random.NextDouble() < 0.12) question = Slip(question, random);
        if (random.NextDouble() < 0.3) question = question.Replace("licence", "license", StringComparison.Ordinal);
        return question;
    }

    /// <summary>Two letters swapped, or one lost, in a word of small letters: names and figures stay legible.</summary>
    private static string Slip(string question, Random random)
    {
        var words = question.Split(' ');
        var at = random.Next(words.Length);
        if (words[at].Length < 5 || !words[at].All(char.IsAsciiLetterLower)) return question;
        var place = random.Next(1, words[at].Length - 2);
        words[at] = random.Next(2) == 0
            ? words[at].Remove(place, 1)
            : string.Concat(words[at].AsSpan(0, place), words[at].AsSpan(place + 1, 1), words[at].AsSpan(place, 1), words[at].AsSpan(place + 2));
        return string.Join(' ', words);
    }
}
