using System.Diagnostics;
using System.Text;
using ModelAtlas.Domain.Licenses.Texts;
using ModelAtlas.Testing;
using ModelAtlas.Tools.MeasureLicenses;

namespace ModelAtlas.Domain.Tests.Licenses;

public class LicenseTextTests
{
    [Theory]
    [MemberData(nameof(HarmlessNames))]
    public void A_known_text_out_of_shape_is_exact(string disfigurement)
    {
        var apply = Disfigurements.Harmless.Single(entry => entry.Name == disfigurement).Apply;

        var match = HeronLicense.Known.Identify(apply(HeronLicense.Text, new Random(7)));

        Assert.Equal(("heron", TextMatchKind.Exact), (match.License, match.Match));
        Assert.Empty(match.Changed);
    }

    [Theory]
    [MemberData(nameof(HarmfulNames))]
    public void A_known_text_with_a_clause_changed_is_altered_and_says_where(string disfigurement)
    {
        var apply = Disfigurements.Harmful.Single(entry => entry.Name == disfigurement).Apply;
        if (apply(HeronLicense.Text[..HeronLicense.Text.IndexOf("END OF", StringComparison.Ordinal)], new Random(11)) is not { } changed) return;

        var match = HeronLicense.Known.Identify(changed);

        Assert.NotEqual(TextMatchKind.Exact, match.Match);
        Assert.NotEmpty(match.Changed);
    }

    [Theory]
    [InlineData("40 million", "4 million", "changed in clause 3 (threshold): 1 word of the known text read \"4\"")]
    [InlineData("Whoever serves more", "Whoever, outside the European Union, serves more", "added in clause 3 (territory): \"outside the European Union\"")]
    [InlineData("hand it on, without", "hand it on, for non-commercial purposes only, without", "added in clause 1 (non-commercial): \"for non-commercial purposes only\"")]
    [InlineData("does not promise that it works", "does promise that it works", "missing in clause 4: 1 word")]
    [InlineData("keep every notice", "keep evrey notice", "typing error in clause 2.c: \"evrey\"")]
    [InlineData("thirty days", "sixty days", "changed in clause 5: 1 word of the known text read \"sixty\"")]
    public void The_changed_clause_is_named(string original, string replacement, string said)
    {
        var match = HeronLicense.Known.Identify(HeronLicense.Text.Replace(original, replacement, StringComparison.Ordinal));

        Assert.Equal(("heron", TextMatchKind.Altered), (match.License, match.Match));
        Assert.Contains(said, match.Changed);
    }

    [Fact]
    public void What_was_cut_off_is_named()
    {
        var match = HeronLicense.Known.Identify(HeronLicense.Text[..HeronLicense.Text.IndexOf("4. No promise", StringComparison.Ordinal)]);

        Assert.Equal(("heron", TextMatchKind.Altered), (match.License, match.Match));
        Assert.StartsWith("missing: the end from clause 4 on", Assert.Single(match.Changed), StringComparison.Ordinal);
    }

    [Fact]
    public void An_optional_part_is_there_wholly_or_not_at_all()
    {
        var without = HeronLicense.Text[..HeronLicense.Text.IndexOf("How to use", StringComparison.Ordinal)];
        var half = HeronLicense.Text[..HeronLicense.Text.IndexOf("fill in the year", StringComparison.Ordinal)];

        Assert.Equal(TextMatchKind.Exact, HeronLicense.Known.Identify(without).Match);
        Assert.Equal(TextMatchKind.Altered, HeronLicense.Known.Identify(half).Match);
    }

    [Fact]
    public void A_notice_that_holds_a_term_is_no_notice()
    {
        var match = HeronLicense.Known.Identify(HeronLicense.Text.Replace("[fullname]", "Jane Doe. Commercial use is forbidden.", StringComparison.Ordinal));

        Assert.Equal(TextMatchKind.Altered, match.Match);
        Assert.Contains(match.Changed, line => line.Contains("non-commercial", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("This model is released under the Heron Licence, version 2. Ask the holder for the whole text, please, it is long.")]
    [InlineData("Once upon a time a heron stood in a river and waited for a fish. It waited long. In the end it flew away, hungry, and came back the next day to try again.")]
    [InlineData("")]
    [InlineData("MIT")]
    public void A_name_or_a_story_is_no_licence(string text)
    {
        var match = HeronLicense.Known.Identify(text);

        Assert.Equal((null, TextMatchKind.Unknown), (match.License, match.Match));
        Assert.NotEmpty(match.Changed);
    }

    [Fact]
    public void Two_licences_in_one_file_are_none()
    {
        var match = HeronLicense.Known.Identify(HeronLicense.Text + "\n\n" + HeronLicense.Sibling);

        Assert.Equal((null, TextMatchKind.Unknown), (match.License, match.Match));
        Assert.Contains("more than one", Assert.Single(match.Changed), StringComparison.Ordinal);
    }

    [Fact]
    public void CLS_01_A_text_of_the_same_family_is_not_passed_off_as_the_known_one()
    {
        var alone = new TextIdentifier(FingerprintBuilder.Build([("heron", HeronLicense.Text, new())]));

        Assert.Equal(TextMatchKind.Unknown, alone.Identify(HeronLicense.Sibling).Match);
    }

    [Theory]
    [InlineData("ma\u0443 Whoever", "may Whoever")]
    [InlineData("m\u043edel", "model")]
    [InlineData("mo\u200bdel", "model")]
    [InlineData("ｍodel", "model")]
    public void CLS_01_A_text_with_look_alike_letters_is_altered(string lookAlike, string word)
    {
        var match = HeronLicense.Known.Identify(HeronLicense.Text.Replace(word, lookAlike, StringComparison.Ordinal));

        Assert.True(match.Match is not TextMatchKind.Exact || !HeronLicense.Text.Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public void CLS_05_What_is_no_text_is_refused_with_the_reason()
    {
        Assert.Contains("longer than 1 MiB", Only(LicenseTexts.Identify(new byte[LicenseTexts.LongestFile + 1])), StringComparison.Ordinal);
        Assert.Contains("not text", Only(LicenseTexts.Identify([0x50, 0x4b, 3, 4, 0, 0, 0, 8])), StringComparison.Ordinal);
        Assert.Contains("web page", Only(LicenseTexts.Identify("<!DOCTYPE html><html><body>MIT License"u8)), StringComparison.Ordinal);
        Assert.Contains("empty", Only(LicenseTexts.Identify([])), StringComparison.Ordinal);
        Assert.Equal(TextMatchKind.Unknown, LicenseTexts.Identify([0xC3, 0x28, 0xFF, 0xFE, 0x41, 0x42, 0x43, 0x44]).Match);
    }

    [Theory]
    [InlineData("a ")]
    [InlineData("the model the license ")]
    [InlineData("<<<<<<<<")]
    [InlineData("](](](](")]
    [InlineData("&amp;&lt;")]
    [InlineData("(c) (c) copyright ")]
    [InlineData("non non non ")]
    [InlineData("\ud800 lone ")]
    public void CLS_05_A_hostile_megabyte_takes_bounded_time(string unit)
    {
        var clock = Stopwatch.StartNew();

        var match = LicenseTexts.Identify(string.Concat(Enumerable.Repeat(unit, (LicenseTexts.LongestFile / unit.Length) - 1)));

        Assert.Equal(TextMatchKind.Unknown, match.Match);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"took {clock.Elapsed}");
    }

    [Fact]
    public void CLS_05_A_licence_repeated_to_a_megabyte_takes_bounded_time()
    {
        var clock = Stopwatch.StartNew();

        var match = HeronLicense.Known.Identify(string.Concat(Enumerable.Repeat(HeronLicense.Text, 200)));

        Assert.NotEqual(TextMatchKind.Exact, match.Match);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"took {clock.Elapsed}");
    }

    [Fact]
    public void The_licence_of_this_repository_is_what_it_says()
    {
        var license = File.ReadAllText(Path.Combine(Repository(), "LICENSE"));

        Assert.Equal(("apache-2.0", TextMatchKind.Exact), (LicenseTexts.Identify(license).License, LicenseTexts.Identify(license).Match));
        Assert.Equal(TextMatchKind.Altered, LicenseTexts.Identify(license.Replace("royalty-free", "royalty-bearing", StringComparison.Ordinal)).Match);
    }

    [Fact]
    public void A_changed_text_is_given_back_whole_with_its_changes_marked()
    {
        var text = HeronLicense.Text
            .Replace("40 million", "4 million", StringComparison.Ordinal)
            .Replace("hand it on, without", "hand it on, for non-commercial purposes only, without", StringComparison.Ordinal)
            .Replace("does not promise that it works", "does promise that it works", StringComparison.Ordinal);

        var marked = HeronLicense.Known.Mark(text);

        Assert.Equal(text, string.Concat(marked.Pieces.Select(piece => piece.Text)));
        Assert.Equal(3, marked.Changes);
        Assert.Contains(marked.Pieces, piece => piece is { Kind: TextPieceKind.Changed, Text: "4", Missing: 1, Clause: "3" });
        Assert.Contains(marked.Pieces, piece => piece is { Kind: TextPieceKind.Added, Text: "for non-commercial purposes only", Missing: 0, Clause: "1" });
        Assert.Contains(marked.Pieces, piece => piece is { Kind: TextPieceKind.Same, Text: "", Missing: 1, Clause: "4" });
        Assert.Equal(0, HeronLicense.Known.Mark(HeronLicense.Text).Changes);
        Assert.Equal(["No licence at all."], HeronLicense.Known.Mark("No licence at all.").Pieces.Select(piece => piece.Text));
    }

    [Fact]
    public void The_fingerprint_file_holds_no_words_in_clear()
    {
        using var file = typeof(LicenseTexts).Assembly.GetManifestResourceStream("licenses/fingerprints.bin");
        Assert.NotNull(file);
        using var reader = new StreamReader(file, Encoding.Latin1);

        Assert.DoesNotContain("hereby", reader.ReadToEnd(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_known_texts_are_recognised_and_their_alterations_are_not_accepted()
    {
        const string folder = "licenses/texts";
        var path = SharedData.Find(folder);
        Assert.SkipWhen(path is null, SharedData.SkipMessage(folder));
        var texts = Directory.EnumerateFiles(path, "*.txt").Order(StringComparer.Ordinal).Where((_, at) => at % 6 == 1)
            .Select(file => (Id: Path.GetFileNameWithoutExtension(file), Text: File.ReadAllText(file))).Where(text => text.Id != "pddl").ToList();

        foreach (var (id, text) in texts)
        {
            foreach (var (name, apply) in Disfigurements.Harmless)
            {
                var match = LicenseTexts.Identify(apply(text, new Random(3)));
                Assert.True(match is { Match: TextMatchKind.Exact } && match.License == id, $"{id}, {name}: {match.Match} {match.License} {string.Join(" | ", match.Changed)}");
            }
            foreach (var (name, apply) in Disfigurements.Harmful.Where(entry => !entry.Name.Contains("cut", StringComparison.Ordinal)))
            {
                if (apply(text, new Random(3)) is not { } changed || changed == text) continue;
                Assert.True(LicenseTexts.Identify(changed).Match is not TextMatchKind.Exact, $"{id}, {name} was accepted as exact");
            }
        }
    }

    [Theory]
    [InlineData("mit")]
    [InlineData("isc")]
    [InlineData("zlib")]
    [InlineData("bsd-3-clause")]
    [InlineData("openmdw-1.0")]
    [InlineData("kimi-modified-mit")]
    [InlineData("qwen")]
    public void No_single_word_can_be_dropped_changed_or_added_unseen(string id)
    {
        var file = $"licenses/texts/{id}.txt";
        var path = SharedData.Find(file);
        Assert.SkipWhen(path is null, SharedData.SkipMessage(file));
        var text = File.ReadAllText(path);
        var words = WordReader.Read(text);
        var unseen = new List<string>();

        foreach (var word in words.Words.Where((_, at) => at % 3 is 0))
        {
            var before = words.Text[..word.Start];
            var after = words.Text[(word.Start + word.Length)..];
            foreach (var changed in new[] { before + after, before + "heron" + after, before + "not " + words.Text[word.Start..] })
            {
                if (LicenseTexts.Identify(changed).Match is TextMatchKind.Exact) unseen.Add(changed[Math.Max(0, word.Start - 20)..Math.Min(changed.Length, word.Start + 20)]);
            }
        }

        // Heading, notice and the holder's name in the disclaimer may read otherwise; that is a few words of any text.
        Assert.True(unseen.Count <= 24, $"{unseen.Count} changes were not seen: {string.Join(" | ", unseen)}");
        Assert.DoesNotContain(unseen, change => change.Contains("not ", StringComparison.Ordinal) && !change.Contains("opyright", StringComparison.OrdinalIgnoreCase) && !text.Contains(change, StringComparison.Ordinal));
    }

    public static TheoryData<string> HarmlessNames => [.. Disfigurements.Harmless.Select(entry => entry.Name)];

    public static TheoryData<string> HarmfulNames => [.. Disfigurements.Harmful.Select(entry => entry.Name)];

    private static string Only(TextMatch match)
    {
        Assert.Equal((null, TextMatchKind.Unknown), (match.License, match.Match));
        return Assert.Single(match.Changed);
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ModelAtlas.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("not in a checkout");
        return folder.FullName;
    }
}
