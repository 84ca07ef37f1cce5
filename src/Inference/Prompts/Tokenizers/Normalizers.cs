using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ModelAtlas.Inference.Prompts.Tokenizers;

internal delegate AlignedText Normalizer(AlignedText text);

/// <summary>The <c>normalizer</c> part of tokenizer.json.</summary>
internal static class Normalizers
{
    public static Normalizer Read(JsonElement? part)
    {
        if (part is not { } json) return text => text;
        switch (json.Kind("normalizer"))
        {
            case "Sequence":
                var steps = json.Items("normalizers").Select(step => Read(step)).ToArray();
                return text => steps.Aggregate(text, (current, step) => step(current));
            case "NFC": return text => Unicode(text, NormalizationForm.FormC);
            case "NFD": return text => Unicode(text, NormalizationForm.FormD);
            case "NFKC": return text => Unicode(text, NormalizationForm.FormKC);
            case "NFKD": return text => Unicode(text, NormalizationForm.FormKD);
            case "Lowercase": return Lowercase;
            case "Strip":
                var (left, right) = (json.Flag("strip_left"), json.Flag("strip_right"));
                return text => Strip(text, left, right);
            case "StripAccents": return text => Where(text, code => CodePoints.Category(code) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark));
            case "Replace":
                var pattern = TokenizerPattern.Read(json.Member("pattern") ?? throw new TokenizerException("tokenizer.json: a Replace has no pattern"));
                var content = json.Text("content") ?? "";
                return text => Replace(text, pattern, content);
            case "Prepend":
                var prefix = json.Text("prepend") ?? "";
                return text => Prepend(text, prefix);
            case "Nmt": return Nmt;
            case "ByteLevel": return ByteAlphabet.Encode;
            case "Precompiled": return new PrecompiledNormalizer(json.Text("precompiled_charsmap") ?? "").Apply;
            case "BertNormalizer": return Bert(json);
            case var other: throw new TokenizerException($"tokenizer.json: the normalizer {other} is not known");
        }
    }

    public static AlignedText Prepend(AlignedText text, string prefix)
    {
        if (text.Length == 0) return text;
        var builder = new AlignedBuilder(text.Length + prefix.Length);
        foreach (var rune in prefix.EnumerateRunes()) builder.Add(rune.Value, text.StartOf(0), text.EndOf(0));
        for (var i = 0; i < text.Length; i++) builder.Keep(text, i);
        return builder.Build();
    }

    public static AlignedText Replace(AlignedText text, TokenizerPattern pattern, string content)
    {
        var matches = pattern.Matches(text);
        if (matches.Count == 0) return text;
        var builder = new AlignedBuilder(text.Length);
        var at = 0;
        foreach (var (start, length) in matches)
        {
            for (; at < start; at++) builder.Keep(text, at);
            at = start + length;
            foreach (var rune in content.EnumerateRunes()) builder.Add(rune.Value, text.StartOf(at - 1), text.EndOf(at - 1)); // each stands for the last that it replaces
        }
        for (; at < text.Length; at++) builder.Keep(text, at);
        return builder.Build();
    }

    private static AlignedText Where(AlignedText text, Func<int, bool> keep)
    {
        var builder = new AlignedBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            if (keep(text[i])) builder.Keep(text, i);
        return builder.Build();
    }

    private static AlignedText Strip(AlignedText text, bool left, bool right)
    {
        var (start, end) = (0, text.Length);
        while (left && start < end && CodePoints.IsSpace(text[start])) start++;
        while (right && end > start && CodePoints.IsSpace(text[end - 1])) end--;
        return text.Slice(start, end - start);
    }

    private static AlignedText Lowercase(AlignedText text)
    {
        var builder = new AlignedBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            // The only letter whose full lower-case form is longer: İ becomes i and a combining dot.
            if (text[i] == 0x130) builder.Replace(text, i, i + 1, "i\u0307");
            else builder.Add(Rune.IsValid(text[i]) ? Rune.ToLowerInvariant(new(text[i])).Value : text[i], text.StartOf(i), text.EndOf(i));
        }
        return builder.Build();
    }

    /// <summary>Normalises each run between characters that normalisation cannot reach across, so that alignments stay local.</summary>
    private static AlignedText Unicode(AlignedText text, NormalizationForm form)
    {
        var whole = text.ToString();
        if (whole.IsNormalized(form)) return text;
        var builder = new AlignedBuilder(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var end = start + 1;
            while (end < text.Length && !StartsRun(text[end])) end++;
            var run = text.ToString(start, end - start);
            var normalized = run.Normalize(form);
            if (string.Equals(run, normalized, StringComparison.Ordinal)) for (var i = start; i < end; i++) builder.Keep(text, i);
            else builder.Replace(text, start, end, normalized);
            start = end;
        }
        return builder.Build();
    }

    /// <summary>False for what may combine with what stands before it: marks, and the second and third part of a Hangul syllable.</summary>
    private static bool StartsRun(int code) =>
        CodePoints.Category(code) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
        && code is not ((>= 0x1160 and <= 0x11FF) or 0xFF9E or 0xFF9F);

    private static AlignedText Nmt(AlignedText text)
    {
        var builder = new AlignedBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F: break;
                case 0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD:
                    builder.Add(' ', text.StartOf(i), text.EndOf(i));
                    break;
                default: builder.Keep(text, i); break;
            }
        }
        return builder.Build();
    }

    private static Normalizer Bert(JsonElement json)
    {
        var clean = json.Flag("clean_text", true);
        var chinese = json.Flag("handle_chinese_chars", true);
        var lowercase = json.Flag("lowercase", true);
        var stripAccents = json.Flag("strip_accents", lowercase);
        return text =>
        {
            if (clean) text = Clean(text);
            if (chinese) text = SetApart(text);
            if (stripAccents) text = Where(Unicode(text, NormalizationForm.FormD), code => !CodePoints.IsMark(code));
            return lowercase ? Lowercase(text) : text;
        };
    }

    private static AlignedText Clean(AlignedText text)
    {
        var builder = new AlignedBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var code = text[i];
            if (code is 0 or 0xFFFD || (CodePoints.IsOther(code) && code is not ('\t' or '\n' or '\r'))) continue;
            if (code is '\t' or '\n' or '\r' || CodePoints.IsSpace(code)) builder.Add(' ', text.StartOf(i), text.EndOf(i));
            else builder.Keep(text, i);
        }
        return builder.Build();
    }

    private static AlignedText SetApart(AlignedText text)
    {
        var builder = new AlignedBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var chinese = CodePoints.IsChinese(text[i]);
            if (chinese) builder.Add(' ', text.StartOf(i), text.EndOf(i));
            builder.Keep(text, i);
            if (chinese) builder.Add(' ', text.StartOf(i), text.EndOf(i));
        }
        return builder.Build();
    }
}
