using System.Text.RegularExpressions;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Code that a card points to: the maker's own repository, training scripts, and the library that its sample imports.</summary>
internal static partial class CodeProse
{
    public static void Read(string body, string ownId, CardProse card, EvidenceNotes notes)
    {
        ReadSample(body, ownId, notes);
        bool training = false, inference = false;
        foreach (var statement in card.Statements)
        {
            if (statement.Topic == CardTopic.Citation) continue;
            foreach (var link in statement.Links)
            {
                if (training && inference) return;
                if (!Repository().IsMatch(link.Url)) continue;
                if (!training && (TrainingPath().IsMatch(link.Url) || (TrainingCode().IsMatch(statement.Text) && !Planned().IsMatch(statement.Text))))
                {
                    training = true;
                    notes.Add(Axis.CodeTraining, Level.Open, statement.Section, $"{link.Url}: {statement.Text}", ReadBy.CodeLink, Strength.Claimed);
                }
                else if (!training && statement.Topic == CardTopic.Training && TrainedWith().IsMatch(statement.Text))
                {
                    training = true;
                    notes.Add(Axis.CodeTraining, Level.Partial, statement.Section, $"{link.Url}: {statement.Text}", ReadBy.CodeLink, Strength.Claimed);
                }
                if (!inference && OwnCode().IsMatch(statement.Text))
                {
                    inference = true;
                    notes.Add(Axis.CodeInference, Level.Open, statement.Section, $"{link.Url}: {statement.Text}", ReadBy.CodeLink, Strength.Claimed);
                }
            }
        }
    }

    /// <summary>A sample that loads the model from its own repository says that weights are there, and with what they run.</summary>
    private static void ReadSample(string body, string ownId, EvidenceNotes notes)
    {
        if (Imported().Match(body) is { Success: true } sample && KnownLibraries.RepositoryOf(sample.Groups["library"].Value.Replace('_', '-')) is { } repository)
            notes.Add(Axis.CodeInference, Level.Open, "code sample", $"{sample.Value.Trim()} ({repository})", "library", Strength.Claimed);
        foreach (Match loaded in Loaded().Matches(body))
        {
            if (!string.Equals(loaded.Groups["id"].Value, ownId, StringComparison.OrdinalIgnoreCase)) continue;
            notes.Add(Axis.Weights, Level.Public, "code sample", loaded.Value, "listed", Strength.Inferred);
            return;
        }
    }

    [GeneratedRegex(@"^https?://(www\.)?(github|gitlab)\.(com|io)/[\w.-]+/[\w.-]+", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Repository();

    [GeneratedRegex(@"/(blob|tree)/.*(train|pretrain|finetun|fine_tun|run_(mlm|clm|speech))[\w-]*(\.py|\.sh|/|$)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex TrainingPath();

    [GeneratedRegex(@"\b((pre-?)?train(ing)?|fine-?tuning|reproduction)[\s,/-]+((and|or|evaluation|inference|data|&)[\s,/-]+){0,3}(code|scripts?|recipes?|pipeline|codebase|repository)\b|\b(code|scripts?|recipes?)\b.{0,30}\b(for|to|used (to|for|in)) ((pre-?)?train|reproduc|fine-?tun)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex TrainingCode();

    [GeneratedRegex(@"\b(soon|will be|planned|later)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Planned();

    [GeneratedRegex(@"\btrain(ed|ing)\b.{0,60}\b(using|with|by|on)\b|\bcodebase\b|\bsoftware\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex TrainedWith();

    [GeneratedRegex(@"\b(code|repository|repo|github|implementation|source)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex OwnCode();

    [GeneratedRegex(@"(?m)^[>\s]{0,8}(from|import)\s+(?<library>transformers|diffusers|sentence_transformers|timm|peft|speechbrain|flair|spacy|fasttext|keras|nemo|espnet2?|open_clip|setfit|span_marker|stanza|ultralytics|gliner|pyannote)\b.{0,80}", RegexOptions.None, 1000)]
    private static partial Regex Imported();

    [GeneratedRegex(@"(?:(?<!okenizer|rocessor|xtractor|onfig)\.from_pretrained\(\s*|SentenceTransformer\(\s*|\bmodel(?:_name|_id|_path|_name_or_path)?\s*=\s*)[""'](?<id>[\w.-]+/[\w.-]+)[""']", RegexOptions.None, 1000)]
    private static partial Regex Loaded();
}
