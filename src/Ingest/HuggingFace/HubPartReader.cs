using System.Text;
using System.Text.Json;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Reads the small objects of an answer: what the hub measured in weight files, the configuration, and the bases it resolved.</summary>
internal static class HubPartReader
{
    private const int MostTypes = 64;

    public static HubSafetensors? Safetensors(ref FieldReader fields)
    {
        if (fields.Token != JsonTokenType.StartObject) return fields.Wrong<HubSafetensors>("safetensors", "an object");
        long? total = null;
        Dictionary<string, long>? parameters = null;
        while (fields.NextField(out var name))
        {
            if (name.SequenceEqual("total"u8)) total ??= fields.Count("safetensors.total", HubLimits.Parameters);
            else if (name.SequenceEqual("parameters"u8) && fields.Token == JsonTokenType.StartObject) parameters ??= Types(ref fields);
            else fields.Skip();
        }
        return new(total, parameters);
    }

    public static HubGguf? Gguf(ref FieldReader fields)
    {
        if (fields.Token != JsonTokenType.StartObject) return fields.Wrong<HubGguf>("gguf", "an object");
        long? total = null, context = null;
        string? architecture = null;
        while (fields.NextField(out var name))
        {
            if (name.SequenceEqual("total"u8)) total ??= fields.Count("gguf.total", HubLimits.Parameters);
            else if (name.SequenceEqual("context_length"u8)) context ??= fields.Count("gguf.context_length", HubLimits.Parameters);
            else if (name.SequenceEqual("architecture"u8)) architecture ??= fields.Word("gguf.architecture");
            else fields.Skip();
        }
        return new(total, architecture, context);
    }

    public static void Config(ref FieldReader fields, HubModelDraft draft)
    {
        if (fields.Token != JsonTokenType.StartObject)
        {
            fields.Wrong<object>("config", "an object");
            return;
        }
        while (fields.NextField(out var name))
        {
            if (name.SequenceEqual("architectures"u8)) draft.Architectures ??= fields.Texts("config.architectures", 50, HubLimits.NameLength);
            else if (name.SequenceEqual("model_type"u8)) draft.ModelType ??= fields.Word("config.model_type");
            else fields.Skip();
        }
    }

    /// <summary><c>{relation, models: [{id}]}</c>, or a list of these.</summary>
    public static List<HubBase> Bases(ref FieldReader fields)
    {
        var bases = new List<HubBase>();
        if (fields.Token == JsonTokenType.StartArray)
            while (fields.NextElement()) Base(ref fields, bases);
        else
            Base(ref fields, bases);
        return bases;
    }

    /// <summary>The <c>declared</c> names in a list of objects, which is how a page of the hub was once copied; plain names too.</summary>
    public static List<string>? Declared(ref FieldReader fields, string field, int most)
    {
        if (fields.Token != JsonTokenType.StartArray) return fields.Texts(field, most, HubLimits.NameLength);
        var names = new CappedList<string>(most, null);
        while (fields.NextElement())
        {
            var declared = fields.Token == JsonTokenType.StartObject ? Named(ref fields, "declared"u8, field) : fields.Word(field);
            if (declared is not null) names.Add(declared, decides: false);
        }
        return names.Close(ref fields, field).Item1;
    }

    private static void Base(ref FieldReader fields, List<HubBase> bases)
    {
        if (fields.Token != JsonTokenType.StartObject)
        {
            fields.Wrong<object>("baseModels", "an object");
            return;
        }
        string? relation = null;
        var first = bases.Count;
        while (fields.NextField(out var name))
        {
            if (name.SequenceEqual("relation"u8)) relation ??= fields.Word("baseModels.relation");
            else if (name.SequenceEqual("models"u8) && fields.Token == JsonTokenType.StartArray)
                while (fields.NextElement())
                {
                    if (fields.Token != JsonTokenType.StartObject) fields.Wrong<object>("baseModels.models", "an object");
                    else if (Named(ref fields, "id"u8, "baseModels.models.id") is { } id && bases.Count < HubLimits.Bases) bases.Add(new(id));
                }
            else fields.Skip();
        }
        if (relation is null) return;
        for (var at = first; at < bases.Count; at++) bases[at] = bases[at] with { Relation = relation };
    }

    private static string? Named(ref FieldReader fields, ReadOnlySpan<byte> wanted, string field)
    {
        string? found = null;
        while (fields.NextField(out var name))
        {
            if (name.SequenceEqual(wanted)) found ??= fields.Word(field);
            else fields.Skip();
        }
        return found;
    }

    private static Dictionary<string, long> Types(ref FieldReader fields)
    {
        var types = new Dictionary<string, long>(StringComparer.Ordinal);
        while (fields.NextField(out var name))
        {
            var type = CleanText.Of(Encoding.UTF8.GetString(name), 32);
            if (fields.Count("safetensors.parameters", HubLimits.Parameters) is { } count && types.Count < MostTypes) types.TryAdd(type, count);
        }
        return types;
    }
}
