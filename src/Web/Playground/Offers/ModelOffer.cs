using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Playground.Offers;

/// <summary>A model of the catalogue that is not here: what fetching it would take, or why it cannot run here.</summary>
/// <param name="Bytes">About what it takes, where its size is known.</param>
/// <param name="Obstacle">Null when it can be fetched, as far as the catalogue tells.</param>
public sealed record ModelOffer(CatalogRow Row, long? Bytes, string? Obstacle)
{
    private const long WorkBytes = 256L << 20;

    /// <summary>About what a model takes of memory while it is loaded.</summary>
    public static long MemoryFor(long bytes) => bytes + bytes / 4 + WorkBytes;

    /// <param name="memory">Bytes that a model may have on this machine.</param>
    /// <param name="most">Bytes that one model may have on disk.</param>
    /// <param name="hasToken">True where the operator fetches with an account of the hub.</param>
    public static ModelOffer Of(CatalogRow row, long memory, long most, bool hasToken)
    {
        var bytes = row.Parameters; // at 8 bits
        return new(row, bytes, Why());

        string? Why() => row switch
        {
            { State: RepoState.Service } => "it is a service of its maker: there are no weights to fetch",
            { State: not RepoState.Listed } => "its source no longer has it",
            { Class: Openness.Closed } => "its weights are not published",
            { Task: not (null or "text-generation" or "text2text-generation" or "conversational") } => $"it does not make text, but {row.Task}",
            { Gating: not (Gating.None or Gating.Unknown) } when !hasToken => "its publisher wants to be asked first, and whoever runs this site has set no token of the Hub",
            _ when bytes > most => $"its weights of about {Amount.Bytes(bytes.Value)} are more than the {Amount.Bytes(most)} that one model may take on disk here",
            _ when bytes is { } weights && MemoryFor(weights) is var needed && needed > memory => $"it needs about {Amount.Bytes(needed)} of memory, and this machine has {Amount.Bytes(memory)}",
            _ => null,
        };
    }
}
