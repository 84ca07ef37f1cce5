using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>What the index takes of one model. The reader fills the same one for row after row.</summary>
internal sealed class IndexedModel
{
    public int Id { get; set; }

    /// <summary>By <see cref="Column"/>, as the database numbers them; <see cref="FacetColumn.None"/> where there is none.</summary>
    public int[] Numbers { get; } = new int[(int)Column.Context + 1];
    public List<int> Languages { get; } = [];
    public List<int> Tags { get; } = [];
    public List<int> Relations { get; } = [];

    /// <summary>In the time of <see cref="IndexTime"/>.</summary>
    public int Created { get; set; } = SortOrder<int>.None;
    public int Updated { get; set; } = SortOrder<int>.None;
    public int Observed { get; set; } = SortOrder<int>.None;
    public long Parameters { get; set; } = SortOrder<long>.None;
    public ReadOnlyMemory<byte> Name { get; set; }
    public ReadOnlyMemory<byte> Summary { get; set; }

    public int this[Column column]
    {
        get => Numbers[(int)column];
        set => Numbers[(int)column] = value;
    }
}

/// <summary>Times as whole seconds since the year 2000, which reaches from 1931 to 2068; what is beyond counts as that.</summary>
internal static class IndexTime
{
    private static readonly DateTime Start = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static int Of(DateTime time) => OfMicroseconds((time - Start).Ticks / TimeSpan.TicksPerMicrosecond);

    public static DateTime? ToDate(int time) => time == SortOrder<int>.None ? null : Start.AddSeconds(time);

    /// <summary>As PostgreSQL sends a timestamp.</summary>
    public static int OfMicroseconds(long microseconds) => (int)Math.Clamp(Math.DivRem(microseconds, 1_000_000) is var (seconds, rest) && rest < 0 ? seconds - 1 : microseconds / 1_000_000, -int.MaxValue, int.MaxValue);
}
