using System.Text.Json;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Testing;

namespace ModelAtlas.Domain.Tests.Licenses;

public class LicenseNameTests
{
    [Theory]
    [InlineData("mit", "mit")]
    [InlineData("MIT", "mit")]
    [InlineData(" Mit ", "mit")]
    [InlineData("MIT License", "mit")]
    [InlineData("The MIT Licence", "mit")]
    [InlineData("This model is released under the MIT license.", "mit")]
    [InlineData("MIT License (https://opensource.org/licenses/MIT)", "mit")]
    [InlineData("license: mit", "mit")]
    [InlineData("mit  # Example: apache-2.0 or any license from https://hf.co/docs", "mit")]
    [InlineData("['mit']", "mit")]
    [InlineData("apache-2", "apache-2.0")]
    [InlineData("apache-license-2.0", "apache-2.0")]
    [InlineData("Apache License, Version 2.0", "apache-2.0")]
    [InlineData("Apache License 2.0 (Apache-2.0)", "apache-2.0")]
    [InlineData("Apache-2.0 WITH LLVM-exception", "apache-2.0")]
    [InlineData("http://www.apache.org/licenses/LICENSE-2.0.html", "apache-2.0")]
    [InlineData("https://www.apache.org/licenses/LICENSE-2.0.txt?x=1#top", "apache-2.0")]
    [InlineData("bsd-3", "bsd-3-clause")]
    [InlineData("BSD 3-Clause \u201cNew\u201d or \u201cRevised\u201d License", "bsd-3-clause")]
    [InlineData("academic free license v3.0", "afl-3.0")]
    [InlineData("CC-BY-SA-4.0", "cc-by-sa-4.0")]
    [InlineData("CC BY-NC 4.0 International", "cc-by-nc-4.0")]
    [InlineData("Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International", "cc-by-nc-sa-4.0")]
    [InlineData("https://creativecommons.org/licenses/by-nc/4.0/legalcode", "cc-by-nc-4.0")]
    [InlineData("https://creativecommons.org/licenses/by/4.0/deed.en", "cc-by-4.0")]
    [InlineData("GPL-2.0-or-later", "gpl-2.0")]
    [InlineData("GPL-3.0+", "gpl-3.0")]
    [InlineData("GPLv3", "gpl-3.0")]
    [InlineData("gpl", "gpl")]
    [InlineData("bsl-1.0", "bsl-1.0")]
    [InlineData("openrail++", "openrail++")]
    [InlineData("llama 3.1 community license agreement", "llama3.1")]
    [InlineData("meta-llama-3-community-license-agreement", "llama3")]
    [InlineData("https://huggingface.co/meta-llama/Llama-3.3-70B-Instruct/raw/main/LICENSE", "llama3.3")]
    [InlineData("lfm1.0", "lfm-1.0")]
    [InlineData("fair-ai-public-license-1.0-sd", "fair-ai-public-1.0-sd")]
    [InlineData("openmdw1.1-license", "openmdw-1.1")]
    [InlineData("deepseek (other)", "deepseek")]
    [InlineData("mit-license (MiniMax)", "minimax-modified-mit")]
    [InlineData("Community Data License Agreement – Permissive, Version 2.0", "cdla-permissive-2.0")]
    public void A_name_of_one_licence_is_that_licence(string declared, string id)
    {
        var name = LicenseDesk.Resolve(declared);

        Assert.Equal(NameMatch.Known, name.Match);
        Assert.Equal(id, Assert.Single(name.Licenses).Id);
        Assert.Equal(name.Licenses[0].Class, name.Class);
    }

    [Theory]
    [InlineData("mit OR apache-2.0", "mit OR apache-2.0", "open")]
    [InlineData("mit-and-apache-2.0", "mit AND apache-2.0", "open")]
    [InlineData("apache-2.0-and-cc-by-nc-sa-4.0", "apache-2.0 AND cc-by-nc-sa-4.0", "non-commercial")]
    [InlineData("apache-2.0 OR cc-by-nc-4.0", "apache-2.0 OR cc-by-nc-4.0", "open")]
    [InlineData("MIT AND (Apache-2.0 OR CC-BY-NC-4.0)", "mit AND (apache-2.0 OR cc-by-nc-4.0)", "open")]
    [InlineData("MIT OR Apache-2.0 AND CC-BY-NC-4.0", "mit OR (apache-2.0 AND cc-by-nc-4.0)", "open")]
    [InlineData("cc-by-nc-4.0, mit or apache-2.0", "cc-by-nc-4.0 AND (mit OR apache-2.0)", "non-commercial")]
    [InlineData("[llama2, other]", "llama2 AND other", "licensee-restricted")]
    [InlineData("mit/apache-2.0", "mit AND apache-2.0", "open")]
    [InlineData("apache-2.0-and-gemma-terms", "apache-2.0 AND gemma", "use-restricted")]
    [InlineData("mit AND something-of-mine", "mit AND \"something of mine\"", "unknown")]
    [InlineData("cc-by-nc-4.0 AND something-of-mine", "cc-by-nc-4.0 AND \"something of mine\"", "non-commercial")]
    [InlineData("Apache-2.0 WITH Commons-Clause", "apache-2.0 AND \"commons clause\"", "unknown")]
    [InlineData("apache-2.0-with-naming-clause", "apache-2.0 AND \"naming clause\"", "unknown")]
    public void CLS_04_Expressions_and_lists_keep_every_part_and_respect_AND_and_OR(string declared, string expression, string governs)
    {
        var name = LicenseDesk.Resolve(declared);

        Assert.Equal(NameMatch.Combined, name.Match);
        Assert.Equal(expression, name.Expression);
        Assert.Equal(governs, name.Class);
    }

    [Fact]
    public void CLS_04_Several_tags_of_one_model_all_apply()
    {
        var name = LicenseDesk.Resolve(["cc-by-nc-4.0", "apache-2.0"]);

        Assert.Equal(["cc-by-nc-4.0", "apache-2.0"], name.Licenses.Select(license => license.Id));
        Assert.Equal("cc-by-nc-4.0", name.Governing?.Id);
        Assert.Equal(NameMatch.Unknown, LicenseDesk.Resolve([]).Match);
    }

    [Theory]
    [InlineData("modified-mit", 3, "licensee-restricted")]
    [InlineData("Modified MIT", 4, "licensee-restricted")]
    [InlineData("modified mit license", 2, "open")]
    [InlineData("glm-4", 2, "use-restricted")]
    public void A_name_that_several_licences_bear_decides_none_and_the_strictest_governs(string declared, int candidates, string governs)
    {
        var name = LicenseDesk.Resolve(declared);

        Assert.Equal(NameMatch.Ambiguous, name.Match);
        Assert.Equal(candidates, name.Licenses.Count);
        Assert.Equal(governs, name.Class);
    }

    [Theory]
    [InlineData("mi\u200bt")]
    [InlineData("mit\u200b")]
    [InlineData("\ufeffmit")]
    [InlineData("\u043cit")]
    [InlineData("m\u0456t")]
    [InlineData("\u216fit")]
    [InlineData("m\u2170t")]
    [InlineData("\uff2d\uff29\uff34")]
    [InlineData("m\u0131t")]
    [InlineData("ap\u0430che-2.0")]
    [InlineData("apache-2.\u039f")]
    [InlineData("cc-by-4.0\u202e")]
    [InlineData("mit\ud800")]
    [InlineData("M1T")]
    [InlineData("mlt")]
    [InlineData("mit-0")]
    [InlineData("mit-style")]
    [InlineData("mit license, non-commercial")]
    [InlineData("MIT (research use only)")]
    [InlineData("not mit")]
    [InlineData("apache-2.0-ish")]
    [InlineData("apache-3.0")]
    [InlineData("cc-by-4.0-asserted-by-medmnist")]
    [InlineData("mit-code-corpus-derived-artifact")]
    [InlineData("bsl-1.1")]
    [InlineData("llama3.9")]
    [InlineData("whizreviewer-llama-3.1-license")]
    [InlineData("???")]
    [InlineData("")]
    [InlineData("license")]
    [InlineData("LICENSE")]
    [InlineData("https://opensource.org.evil.example/licenses/MIT")]
    [InlineData("https://opensource.org@evil.example/licenses/MIT")]
    [InlineData("https://evil.example/opensource.org/licenses/MIT")]
    [InlineData("https://opensource.org:8443/licenses/MIT")]
    [InlineData("javascript:mit")]
    public void CLS_01_A_look_alike_or_near_miss_is_never_the_licence(string declared) =>
        Assert.Equal(LicenseClass.Unknown, LicenseDesk.Resolve(declared).Class);

    [Fact]
    public void CLS_01_A_look_alike_is_called_one() =>
        Assert.Contains("looks like \"mit\"", LicenseDesk.Resolve("m\u0456t").Note, StringComparison.Ordinal);

    [Fact]
    public void A_whole_text_is_no_name_and_is_refused_at_once()
    {
        Assert.Equal(NameMatch.Unknown, LicenseDesk.Resolve(new string('(', 256)).Match);
        Assert.Equal(NameMatch.Unknown, LicenseDesk.Resolve(string.Concat(Enumerable.Repeat("mit or ", 100_000))).Match);
    }

    [Fact]
    public void A_known_spelling_costs_no_allocation()
    {
        var tags = new[] { "mit", "Apache-2.0", "llama3.1", "cc-by-nc-4.0" };
        foreach (var tag in tags) LicenseDesk.Resolve(tag);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 10_000; i++) LicenseDesk.Resolve(tags[i & 3]);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Every_id_of_the_Hub_is_on_the_desk_under_its_own_name()
    {
        const string file = "hub/reference/hf-licenses.json";
        var path = SharedData.Find(file);
        Assert.SkipWhen(path is null, SharedData.SkipMessage(file));
        using var hub = JsonDocument.Parse(File.ReadAllBytes(path));

        foreach (var entry in hub.RootElement.EnumerateArray())
        {
            var id = entry.GetProperty("id").GetString() ?? "";
            Assert.Equal(id, LicenseDesk.Find(id)?.HubId);
            Assert.Equal(id, Assert.Single(LicenseDesk.Resolve(id).Licenses).Id);
            Assert.Equal(id, Assert.Single(LicenseDesk.Resolve(entry.GetProperty("name").GetString() ?? "").Licenses).Id);
        }
        Assert.Equal(83, LicenseDesk.All.Count(license => license.HubId is not null));
    }

    [Fact]
    public void Every_alias_of_the_reference_resolves_as_it_says()
    {
        const string file = "licenses/licenses.json";
        var path = SharedData.Find(file);
        Assert.SkipWhen(path is null, SharedData.SkipMessage(file));
        using var reference = JsonDocument.Parse(File.ReadAllBytes(path));
        var ambiguous = reference.RootElement.GetProperty("ambiguous_aliases");

        foreach (var license in reference.RootElement.GetProperty("licenses").EnumerateArray())
        {
            var id = license.GetProperty("id").GetString() ?? "";
            var known = LicenseDesk.Find(id);
            Assert.Equal(license.GetProperty("license_class").GetString(), known?.Class);
            foreach (var alias in license.GetProperty("aliases").EnumerateArray().Select(alias => alias.GetString() ?? ""))
            {
                var name = LicenseDesk.Resolve(alias);
                if (ambiguous.TryGetProperty(alias, out var candidates)) Assert.Equal(candidates.GetArrayLength(), name.Licenses.Count);
                else Assert.Equal([id], name.Licenses.Select(found => found.Id));
            }
        }
    }
}
