using System.Text.RegularExpressions;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Domain.Licenses.Texts;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Licence and use-policy files. The licence of code or data beside the weights is not the licence of the weights.</summary>
internal static partial class FileEvidence
{
    /// <summary>Shorter than this a file names a licence at most; it is no licence text.</summary>
    private const int ShortestText = 300;

    public static bool IsLicense(string path) => LicenseName().IsMatch(Path.GetFileName(path));

    public static bool IsPolicy(string path) => PolicyName().IsMatch(Path.GetFileName(path));

    public static List<EvidenceItem> Read(IReadOnlyList<RepoText> files, string? revision, DateTimeOffset observedAt)
    {
        List<EvidenceItem> items = [];
        var licenses = files.Where(file => IsLicense(file.Path) && !IsPolicy(file.Path) && !OfSomethingElse().IsMatch(Path.GetFileName(file.Path))).ToList();
        var ofWeights = licenses.FindAll(file => OfWeights().IsMatch(Path.GetFileName(file.Path)));
        foreach (var file in ofWeights.Count > 0 ? ofWeights : licenses) ReadLicense(file, Notes(file));
        foreach (var file in files.Where(file => IsPolicy(file.Path))) ReadPolicy(file, Notes(file));
        return items;

        EvidenceNotes Notes(RepoText file) => new($"file:{file.Path}", revision, observedAt, items);
    }

    private static void ReadLicense(RepoText file, EvidenceNotes notes)
    {
        var name = Path.GetFileName(file.Path);
        if (file.Text is not { } text)
        {
            notes.Add(Axis.License, Level.Unknown, name, file.Issue, ReadBy.UnknownText, Strength.Read);
            return;
        }
        var match = LicenseTexts.Identify(text);
        switch (match)
        {
            case { License: { } id, Match: TextMatchKind.Exact }:
                notes.Add(Axis.License, id, name, FirstWords(text), ReadBy.LicenseText, Strength.Read);
                break;
            case { License: { } id, Match: TextMatchKind.Altered }:
                notes.Add(Axis.License, id, name, string.Join("; ", match.Changed), ReadBy.AlteredText, Strength.Read);
                break;
            default:
                if (text.Length >= ShortestText) notes.Add(Axis.License, Level.Unknown, name, match.Changed is [var why, ..] ? why : null, ReadBy.UnknownText, Strength.Read);
                break;
        }
    }

    /// <summary>A policy limits uses by being one; some also take rights from whoever lives in a territory, which no licence text beside them says.</summary>
    private static void ReadPolicy(RepoText file, EvidenceNotes notes)
    {
        if (file.Text is not { Length: >= ShortestText } text) return;
        var territory = Territory().Match(text);
        notes.Add(
            Axis.License,
            territory.Success ? LicenseClass.LicenseeRestricted : LicenseClass.UseRestricted,
            Path.GetFileName(file.Path),
            territory.Success ? territory.Value : FirstWords(text),
            ReadBy.UseLimit,
            Strength.Read);
    }

    /// <summary>How a text begins, on one line.</summary>
    internal static string FirstWords(string text) => Spaces().Replace(text.Length > 400 ? text[..400] : text, " ").Trim();

    [GeneratedRegex(@"^(un)?licen[cs]e|^copying|^terms|[._ -]licen[cs]e(\.\w{1,4})?$|^(model|weights?)[_ -]?licen[cs]e", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex LicenseName();

    [GeneratedRegex(@"polic(y|ies)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex PolicyName();

    [GeneratedRegex(@"code|data|docs?\b|font|third[_ -]?party", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex OfSomethingElse();

    [GeneratedRegex(@"model|weights?", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex OfWeights();

    [GeneratedRegex(@"rights? granted[^.]{0,120}\bnot being granted\b[^.]{0,200}\b(domiciled|principal place of business|resid\w+|located)\b[^.]{0,120}|\b(domiciled|resid\w+|located)\b[^.]{0,60}\bEuropean Union\b[^.]{0,160}\bnot\b[^.]{0,40}\b(granted|permitted|licensed)\b", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Territory();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
