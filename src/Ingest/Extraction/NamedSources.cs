using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>A source of training data that a reader could go and find.</summary>
/// <param name="DatasetId">The hub's id where the sentence gives one.</param>
internal sealed record NamedSource(string Name, string? DatasetId = null);

/// <summary>Finds identifiable sources in what <see cref="TrainingTalk"/> let through: published corpora, links to data, and proper names of datasets.</summary>
internal static partial class NamedSources
{
    private static readonly FrozenSet<string> Generic = WordLists.Lines("GenericDataWords.txt").SelectMany(line => line.Split(' ')).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Function = new[]
    {
        "a", "an", "the", "this", "that", "these", "those", "our", "its", "their", "with", "of", "on", "from", "for", "in", "using", "by", "to", "over", "as", "is", "are", "was", "were", "which",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static List<NamedSource> In(string text, CardStatement statement)
    {
        List<NamedSource> found = [];
        foreach (var link in statement.Links)
        {
            if (link.Text.Length > 0 && !text.Contains(link.Text, StringComparison.Ordinal)) continue;
            if (DatasetLink().Match(link.Url) is { Success: true } hub) Add(new(hub.Groups["id"].Value, hub.Groups["id"].Value));
            else if (DataHost().IsMatch(link.Url) || DataWords().IsMatch(link.Text) || NamesData(text, link)) Add(new(link.Text.Length > 0 ? link.Text : link.Url));
        }
        foreach (var name in KnownCorpora.In(text)) Add(new(name));
        foreach (Match named in ProperName().Matches(text))
        {
            if (Proper(named.Groups["name"].Value) is { } name) Add(new(name, HubId().IsMatch(name) ? name : null));
        }
        if (CodeFromGitHub().IsMatch(text)) Add(new("GitHub"));
        return found;

        void Add(NamedSource source)
        {
            if (found.Count < 50 && !found.Exists(known => string.Equals(known.Name, source.Name, StringComparison.OrdinalIgnoreCase))) found.Add(source);
        }
    }

    /// <summary>"[X](…) dataset": the link's words stand right before the word that says what they name.</summary>
    private static bool NamesData(string text, CardLink link)
    {
        if (link.Text.Length == 0 || Paper().IsMatch(link.Url)) return false;
        var at = text.IndexOf(link.Text, StringComparison.Ordinal);
        return at >= 0 && DataAfter().IsMatch(text.AsSpan(Math.Min(text.Length, at + link.Text.Length))) && Proper(link.Text) is not null;
    }

    /// <summary>The proper name that ends right before the word "dataset", without the words that any dataset could be called by; null when none does.</summary>
    private static string? Proper(string phrase)
    {
        var words = phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('"', '\'', '“', '”', '(', ')', ',', '’', ':')).ToList();
        var end = words.Count;
        while (end > 0 && IsGeneric(words[end - 1]))
        {
            if (Function.Contains(words[--end])) return null; // "Yi with a high-quality corpus": the name does not belong to the corpus
        }
        var start = end;
        while (start > 0 && !IsGeneric(words[start - 1])) start--;
        var name = words[start..end];
        return name.Exists(IsProper) ? string.Join(' ', name) : null;
    }

    private static bool IsProper(string word) =>
        word.Length > 1 && (word.Any(char.IsUpper) || word.Contains('/', StringComparison.Ordinal) || (word.Any(char.IsDigit) && word.Any(char.IsLetter)));

    private static bool IsGeneric(string word) => word.Length == 0 || word.All(letter => !char.IsLetter(letter)) || word.Split('-', '/').All(part => part.Length == 0 || Generic.Contains(part) || part.All(char.IsDigit) || Quantity().IsMatch(part));

    [GeneratedRegex(@"^https?://(www\.)?(huggingface\.co|hf\.co)/datasets/(?<id>[\w.-]+(/[\w.-]+)?)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex DatasetLink();

    [GeneratedRegex(@"^https?://([\w-]+\.)*(commoncrawl\.org|kaggle\.com/(datasets|c|competitions)|zenodo\.org|opus\.nlpl\.eu|tensorflow\.org/datasets|openslr\.org|statmt\.org|figshare\.com|data\.[\w.-]+|dumps\.wikimedia\.org|archive\.org/details|physionet\.org|image-net\.org|cocodataset\.org|laion\.ai/blog|commonvoice\.mozilla\.org|uniprot\.org|catalog\.ldc\.upenn\.edu|paperswithcode\.com/dataset)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex DataHost();

    [GeneratedRegex(@"(?i:\bdata ?cards?\b)|\b\w*[A-Z]\w*[ -](dataset|corpus)\b", RegexOptions.None, 1000)]
    private static partial Regex DataWords();

    [GeneratedRegex(@"arxiv\.org|aclanthology|openreview|doi\.org|\.pdf$|/papers?/", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Paper();

    [GeneratedRegex(@"^\W{0,3}(data ?sets?|corpus|corpora|data)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex DataAfter();

    [GeneratedRegex(@"(?<name>(?:[\p{L}\d""“'][\p{L}\d.'’/_+""”-]*[ ,]{1,2}(?:and )?){1,5})(?:data ?sets?|corpus|corpora|treebanks?)\b|(?<name>[A-Za-z\d][A-Za-z\d.'’/_+-]{1,40}(?: [A-Za-z\d][A-Za-z\d.'’/_+-]*){0,3}) ?(?:数据集|データセット|コーパス|语料)|\b(?:data ?sets?|corpus)\b (?:called|named) [""“']?(?<name>[\p{L}\d][\p{L}\d.'’/_+-]+)", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex ProperName();

    [GeneratedRegex(@"^[\w-]+/[\w.-]+$", RegexOptions.None, 1000)]
    private static partial Regex HubId();

    [GeneratedRegex(@"\bGit ?hub (code|repositories|data|dump|issues|archive)\b|\b(code|repositories|files) (from|on|of|in) Git ?hub\b|\|\s*Git ?hub\s*\|", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex CodeFromGitHub();

    [GeneratedRegex(@"^[~≈<>]?\d+([.,]\d+)*(k|m|b|t|gb|tb|mb|h|hours?|%|x|bn|kh)?$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Quantity();
}
