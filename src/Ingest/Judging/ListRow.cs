using System.Buffers;
using System.Text;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Judging;

/// <summary>
/// The common row of the hub's list, read without making a model of it: an id, counters, and the words that evidence comes from. Whatever is not of that
/// plain form (another field, an escape, a key given twice, a private model, a model that names itself as its base) is for the reader that knows every form.
/// </summary>
internal static class ListRow
{
    private const int LongestWord = 200;
    private static readonly SearchValues<byte> OfIds = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./"u8);

    [Flags]
    private enum Field
    {
        Other = 0,
        Id = 1,
        ModelId = 2,
        Tags = 4,
        Task = 8,
        Library = 16,
        Private = 32,
        Number = 64, // likes, downloads, trendingScore
        Date = 128,
        HubId = 256,
        Likes = 512,
        Trending = 1024,
    }

    /// <param name="words">Gets the words that evidence comes from, each ended by a line end: tags, library, task.</param>
    /// <returns>False when the row is not of the plain form.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, Span<char> words, out ReadOnlySpan<byte> id, out int length)
    {
        id = default;
        length = 0;
        var row = new PlainJson(json);
        ReadOnlySpan<byte> modelId = default, task = default, library = default;
        var seen = Field.Other;
        if (!row.Take((byte)'{') || row.Take((byte)'}')) return false;
        do
        {
            if (!row.TakeString(out var name) || !row.Take((byte)':')) return false;
            var field = FieldOf(name);
            if (field == Field.Other || (seen & field) != 0) return false;
            seen |= field;
            switch (field)
            {
                case Field.Id when Plain(ref row, out id): break;
                case Field.ModelId when Plain(ref row, out modelId): break;
                case Field.Task when Plain(ref row, out task): break;
                case Field.Library when Plain(ref row, out library): break;
                case Field.Date or Field.HubId when Plain(ref row, out _): break;
                case Field.Private when row.TakeFalse(): break;
                case Field.Number or Field.Likes or Field.Trending when row.TakeNumber(): break;
                case Field.Tags when Tags(ref row, id, words, ref length): break;
                default: return false;
            }
        }
        while (row.Take((byte)','));
        if (!row.Take((byte)'}') || !row.IsAtEnd) return false;
        if (!IsId(id) || (!modelId.IsEmpty && !modelId.SequenceEqual(id))) return false;
        return Append(words, ref length, library) && Append(words, ref length, task);
    }

    /// <summary>The model that the full reader would make of the row, as far as evidence comes from it.</summary>
    public static HubModel Model(string id, ReadOnlySpan<char> words)
    {
        List<string> all = [];
        foreach (var word in words.Split('\n')) all.Add(words[word].ToString());
        return all is [.. var tags, var library, var task, _] ? new() { Id = id, Tags = tags, LibraryName = NullIfEmpty(library), PipelineTag = NullIfEmpty(task) } : throw new ArgumentException("No words of a row.", nameof(words));
    }

    private static string? NullIfEmpty(string word) => word.Length == 0 ? null : word;

    private static bool Tags(scoped ref PlainJson row, scoped ReadOnlySpan<byte> id, Span<char> words, ref int length)
    {
        if (id.IsEmpty || !row.Take((byte)'[')) return false; // without the id, whether a base is the model itself could not be told
        if (row.Take((byte)']')) return true;
        Span<char> word = stackalloc char[LongestWord];
        var count = 0;
        do
        {
            if (!Plain(ref row, out var tag) || ++count > HubLimits.Tags) return false;
            if (!Ascii.IsValid(tag))
            {
                if (tag.Contains((byte)':')) return false;
                continue; // no library and no format has such a name
            }
            if (!RowEvidence.MayRead(tag)) continue;
            var letters = word[..Encoding.ASCII.GetChars(tag, word)];
            if (!RowEvidence.Reads(letters)) continue;
            if (tag.StartsWith("base_model:"u8) && tag.Length > id.Length && Ascii.EqualsIgnoreCase(tag[^id.Length..], id)) return false;
            if (!Append(words, ref length, tag)) return false;
        }
        while (row.Take((byte)','));
        return row.Take((byte)']');
    }

    private static bool Plain(scoped ref PlainJson row, out ReadOnlySpan<byte> word) => row.TakeString(out word) && word.Length <= LongestWord && (word is [] || (word[0] > ' ' && word[^1] > ' '));

    private static bool IsId(ReadOnlySpan<byte> id) =>
        id.IndexOf((byte)'/') is > 0 and var cut && cut < id.Length - 1 && id.LastIndexOf((byte)'/') == cut && id.IndexOfAnyExcept(OfIds) < 0;

    private static bool Append(Span<char> words, ref int length, ReadOnlySpan<byte> word)
    {
        if (word.Contains((byte)'\n') || length + word.Length + 1 > words.Length || !Ascii.IsValid(word)) return false;
        length += Encoding.ASCII.GetChars(word, words[length..]);
        words[length++] = '\n';
        return true;
    }

    private static Field FieldOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => Field.Id,
        3 when name.SequenceEqual("_id"u8) => Field.HubId,
        4 when name.SequenceEqual("tags"u8) => Field.Tags,
        5 when name.SequenceEqual("likes"u8) => Field.Likes,
        7 when name.SequenceEqual("modelId"u8) => Field.ModelId,
        7 when name.SequenceEqual("private"u8) => Field.Private,
        9 when name.SequenceEqual("downloads"u8) => Field.Number,
        9 when name.SequenceEqual("createdAt"u8) => Field.Date,
        12 when name.SequenceEqual("pipeline_tag"u8) => Field.Task,
        12 when name.SequenceEqual("library_name"u8) => Field.Library,
        13 when name.SequenceEqual("trendingScore"u8) => Field.Trending,
        _ => Field.Other,
    };
}
