namespace ModelAtlas.Web.Catalog.Index;

/// <summary>A document's place in an order, to compare with others: those without a number are last either way round, and among equals the document decides.</summary>
internal readonly record struct Standing(bool HasNone, long Value, int Tie) : IComparable<Standing>
{
    public static Standing Of(long? value, int document, bool falling) =>
        new(value is null, falling ? -value ?? 0 : value ?? 0, falling ? -document : document);

    public int Document(bool falling) => falling ? -Tie : Tie;

    public int CompareTo(Standing other) =>
        HasNone != other.HasNone ? HasNone ? 1 : -1 : Value != other.Value ? Value < other.Value ? -1 : 1 : Tie.CompareTo(other.Tie);
}
