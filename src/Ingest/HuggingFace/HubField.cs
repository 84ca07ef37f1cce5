using System.Text;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>The field names that the reader knows, of the hub's answers from 2022 on and of copies of them.</summary>
internal static class HubField
{
    public enum Name
    {
        Other, Id, ModelId, HubId, Author, Sha, CreatedAt, LastModified, Private, Disabled, Gated, Downloads, Likes, TrendingScore, PipelineTag, LibraryName,
        UsedStorage, Tags, Siblings, CardData, Safetensors, Gguf, Config, BaseModels, Architectures, Licenses, Datasets, Bases, Atlas,

        /// <summary>Known, and left out: it changes by the hour or shows how the hub's own page runs the model.</summary>
        Volatile,
    }

    public static Name Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => Name.Id,
        3 => name.SequenceEqual("_id"u8) ? Name.HubId : name.SequenceEqual("sha"u8) ? Name.Sha : name.SequenceEqual("key"u8) ? Name.Volatile : Name.Other,
        4 => name.SequenceEqual("tags"u8) ? Name.Tags : name.SequenceEqual("gguf"u8) ? Name.Gguf : Name.Other,
        5 => name.SequenceEqual("likes"u8) ? Name.Likes : name.SequenceEqual("gated"u8) ? Name.Gated : name.SequenceEqual("bases"u8) ? Name.Bases : Name.Other,
        6 => name.SequenceEqual("author"u8) ? Name.Author
            : name.SequenceEqual("config"u8) ? Name.Config
            : name.SequenceEqual("_atlas"u8) ? Name.Atlas
            : name.SequenceEqual("spaces"u8) ? Name.Volatile : Name.Other,
        7 => name.SequenceEqual("modelId"u8) ? Name.ModelId : name.SequenceEqual("private"u8) ? Name.Private : Name.Other,
        8 => name.SequenceEqual("siblings"u8) ? Name.Siblings
            : name.SequenceEqual("cardData"u8) ? Name.CardData
            : name.SequenceEqual("disabled"u8) ? Name.Disabled
            : name.SequenceEqual("licenses"u8) ? Name.Licenses
            : name.SequenceEqual("datasets"u8) ? Name.Datasets : Name.Other,
        9 => name.SequenceEqual("downloads"u8) ? Name.Downloads
            : name.SequenceEqual("createdAt"u8) ? Name.CreatedAt
            : name.SequenceEqual("inference"u8) ? Name.Volatile : Name.Other,
        10 => name.SequenceEqual("baseModels"u8) ? Name.BaseModels
            : name.SequenceEqual("widgetData"u8) || name.SequenceEqual("mask_token"u8) ? Name.Volatile : Name.Other,
        11 => name.SequenceEqual("safetensors"u8) ? Name.Safetensors : name.SequenceEqual("usedStorage"u8) ? Name.UsedStorage : Name.Other,
        12 => name.SequenceEqual("pipeline_tag"u8) ? Name.PipelineTag
            : name.SequenceEqual("library_name"u8) ? Name.LibraryName
            : name.SequenceEqual("lastModified"u8) ? Name.LastModified : Name.Other,
        13 => name.SequenceEqual("trendingScore"u8) ? Name.TrendingScore : name.SequenceEqual("architectures"u8) ? Name.Architectures : Name.Other,
        _ => name.SequenceEqual("downloadsAllTime"u8) || name.SequenceEqual("childrenModelCount"u8)
            || name.SequenceEqual("inferenceStatus"u8) || name.SequenceEqual("inferenceProviderMapping"u8) ? Name.Volatile : Name.Other,
    };

    /// <summary>True for fields where <c>null</c> says that there is none, rather than that nobody looked.</summary>
    public static bool MeansNone(Name field) => field is Name.PipelineTag or Name.LibraryName or Name.Safetensors or Name.Gguf;

    /// <summary>A name from outside as it may be shown.</summary>
    public static string Text(ReadOnlySpan<byte> name) => CleanText.Of(Encoding.UTF8.GetString(name), 128);
}
