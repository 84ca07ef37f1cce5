using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Decides field by field between two observations, and keeps the date of each field that is older than the newer of them.</summary>
internal sealed class FieldPick(Observation left, Observation right)
{
    private readonly DateTime _newest = left.At > right.At ? left.At : right.At;
    private Dictionary<string, DateTime>? _seen;

    private enum Side
    {
        Neither,
        Left,
        Right,
        Both,
    }

    public IReadOnlyDictionary<string, DateTime>? SeenAt => _seen;

    public List<string>? Nulls { get; private set; }

    /// <summary>The newer value; of two of the same moment what <paramref name="tie"/> makes of them, which must not depend on their order.</summary>
    public T? Text<T>(string field, Func<HubModel, T?> get, Func<T, T, T> tie) where T : class
    {
        T? mine = get(left.Model), theirs = get(right.Model);
        var picked = Pick(field, mine is not null, theirs is not null) switch
        {
            Side.Left => mine,
            Side.Right => theirs,
            Side.Both when mine is not null && theirs is not null => tie(mine, theirs),
            Side.Both => mine ?? theirs,
            _ => null,
        };
        return picked;
    }

    public T? Value<T>(string field, Func<HubModel, T?> get, Func<T, T, T> tie) where T : struct
    {
        T? mine = get(left.Model), theirs = get(right.Model);
        return Pick(field, mine is not null, theirs is not null) switch
        {
            Side.Left => mine,
            Side.Right => theirs,
            Side.Both when mine is { } one && theirs is { } other => tie(one, other),
            Side.Both => mine ?? theirs,
            _ => null,
        };
    }

    private Side Pick(string field, bool mine, bool theirs)
    {
        bool mineSaid = mine || IsNull(left, field), theirsSaid = theirs || IsNull(right, field);
        if (!mineSaid && !theirsSaid) return Side.Neither;
        DateTime mineAt = left.SeenAt(field), theirsAt = right.SeenAt(field);
        var side = !theirsSaid ? Side.Left : !mineSaid ? Side.Right : mineAt > theirsAt ? Side.Left : theirsAt > mineAt ? Side.Right : Side.Both;
        var date = side == Side.Right ? theirsAt : mineAt;
        if (date != _newest) (_seen ??= new(StringComparer.Ordinal))[field] = date;
        var some = side switch { Side.Left => mine, Side.Right => theirs, _ => mine || theirs };
        if (!some) (Nulls ??= []).Add(field);
        return side;
    }

    private static bool IsNull(Observation observation, string field) => observation.Model.Nulls?.Contains(field) == true;
}
