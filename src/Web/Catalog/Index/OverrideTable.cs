using ModelAtlas.Domain.Catalog;
using Npgsql;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The overrides that hold, by the models they are of.</summary>
internal sealed class OverrideTable
{
    public static readonly OverrideTable None = new([]);

    private const string Query =
        $"""
        SELECT model.id, override.class, license.id FROM review.override JOIN model ON {LiveOverride.IsOfModel}
        LEFT JOIN license ON license.key = override.license_key WHERE {LiveOverride.Holds} ORDER BY override.id
        """;

    private readonly Dictionary<int, (short? Class, int? License)> _byModel;

    private OverrideTable(Dictionary<int, (short? Class, int? License)> byModel) => _byModel = byModel;

    public static async Task<OverrideTable> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<int, (short?, int?)> found = [];
        while (await rows.ReadAsync(cancellationToken))
            found[rows.GetInt32(0)] = (rows.IsDBNull(1) ? null : rows.GetInt16(1), rows.IsDBNull(2) ? null : rows.GetInt32(2));
        return found.Count == 0 ? None : new(found);
    }

    /// <summary>Models for which something else holds now.</summary>
    public IReadOnlyList<int> ChangedFrom(OverrideTable older) =>
        [.. _byModel.Where(set => !older._byModel.TryGetValue(set.Key, out var before) || before != set.Value).Select(set => set.Key), .. older._byModel.Keys.Where(id => !_byModel.ContainsKey(id))];

    public void Apply(IndexedModel model)
    {
        if (!_byModel.TryGetValue(model.Id, out var set)) return;
        if (set.License is { } license) (model[Column.License], model[Column.Conflict]) = (license, 0);
        if (set.Class is not { } kind) return;
        if (model[Column.Class] != kind) model[Column.Rung] = FacetColumn.None;
        (model[Column.Class], model[Column.Basis]) = (kind, (int)Basis.Verified);
    }
}
