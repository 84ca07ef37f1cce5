using System.Text.Json;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>The two lists that grow without end: tags and files. What decides a licence, a lineage or the weights is kept even when it comes late.</summary>
internal static class HubListReader
{
    public static void Tags(ref FieldReader fields, HubModelDraft draft)
    {
        if (fields.Token == JsonTokenType.String && fields.Word("tags", HubLimits.TagLength) is { } only)
        {
            draft.Tags = HubModelDraft.Join(draft.Tags, [only], HubLimits.Tags);
            return;
        }
        if (fields.Token != JsonTokenType.StartArray)
        {
            fields.Wrong<object>("tags", "a list");
            return;
        }
        var tags = new CappedList<string>(HubLimits.Tags, draft.Tags);
        while (fields.NextElement())
            if (fields.Word("tags", HubLimits.TagLength) is { } tag) tags.Add(tag, Decides(tag));
        (draft.Tags, draft.TagsTotal) = tags.Close(ref fields, "tags");
    }

    public static void Files(ref FieldReader fields, HubModelDraft draft)
    {
        if (fields.Token != JsonTokenType.StartArray)
        {
            fields.Wrong<object>("siblings", "a list");
            return;
        }
        var files = new CappedList<HubFile>(HubLimits.Files, draft.Siblings);
        while (fields.NextElement())
            if (File(ref fields) is { } file) files.Add(file, decides: !file.Path.Contains('/', StringComparison.Ordinal));
        (draft.Siblings, draft.SiblingsTotal) = files.Close(ref fields, "siblings");
    }

    public static bool Decides(string tag) => tag.StartsWith("license:", StringComparison.Ordinal) || tag.StartsWith("base_model:", StringComparison.Ordinal);

    private static HubFile? File(ref FieldReader fields)
    {
        if (fields.Token == JsonTokenType.String) return fields.Word("siblings", HubLimits.PathLength) is { } named ? new(named) : null;
        if (fields.Token != JsonTokenType.StartObject) return fields.Wrong<HubFile>("siblings", "a file");
        string? path = null, sha256 = null, blob = null;
        long? size = null;
        while (fields.NextField(out var name))
        {
            if (name.SequenceEqual("rfilename"u8)) path = fields.Word("rfilename", HubLimits.PathLength);
            else if (name.SequenceEqual("size"u8)) size = fields.Count("size", HubLimits.FileSize);
            else if (name.SequenceEqual("blobId"u8) && fields.Token == JsonTokenType.String) blob = fields.Word("blobId", 64);
            else if (name.SequenceEqual("lfs"u8)) sha256 = Lfs(ref fields, ref size);
            else fields.Skip();
        }
        return path is null ? null : new(path, size, sha256) { BlobId = blob };
    }

    private static string? Lfs(ref FieldReader fields, ref long? size)
    {
        if (fields.Token == JsonTokenType.Null) return null;
        if (fields.Token != JsonTokenType.StartObject) return fields.Wrong<string>("lfs", "an object");
        string? sha256 = null;
        while (fields.NextField(out var name))
        {
            if (name.SequenceEqual("sha256"u8)) sha256 = fields.Hex("sha256", 64);
            else if (name.SequenceEqual("size"u8)) size = fields.Count("size", HubLimits.FileSize) ?? size;
            else fields.Skip();
        }
        return sha256;
    }
}

/// <summary>The first so many entries of a list; an entry that decides something and comes later takes the place of a plain one at the end.</summary>
internal ref struct CappedList<T>(int most, List<T>? before)
{
    private readonly List<T> _kept = before ?? [];
    private int _total = before?.Count ?? 0;
    private int _late;

    public void Add(T entry, bool decides)
    {
        _total++;
        if (_kept.Count < most) _kept.Add(entry);
        else if (decides && _late < most / 5) _kept[most - ++_late] = entry;
    }

    /// <summary>The list, and how many there were when more came than are kept.</summary>
    public readonly (List<T>, int?) Close(ref FieldReader fields, string field)
    {
        if (_total <= most) return (_kept, null);
        fields.Note($"{field}: {_total} entries, {most} kept");
        return (_kept, _total);
    }
}
