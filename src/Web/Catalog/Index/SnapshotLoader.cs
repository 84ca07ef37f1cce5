using System.Data;
using System.Globalization;
using ModelAtlas.Domain.Catalog;
using Npgsql;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>
/// Makes snapshots of what the database holds. All tables are read as they were at one moment. There is one writer of the catalogue at a time, so that
/// what has a higher change number than the last one seen is all that changed; only what is gone shows nowhere but in the whole list of ids.
/// </summary>
internal sealed class SnapshotLoader(NpgsqlDataSource database)
{
    private const string Columns =
        "id, class, basis, rung, gating, state, conflict, weights_level, code_level, data_level, license_id, task_id, library_id, context_length, language_ids, tag_ids, created_at, modified_at, parameters, observed_at, repo_id, summary";

    public Task<CatalogSnapshot> LoadAsync(CancellationToken cancellationToken) => InOneMomentAsync(connection => LoadAsync(connection, cancellationToken), cancellationToken);

    /// <summary>The snapshot with what changed since; the same one if nothing did.</summary>
    public Task<CatalogSnapshot> ChangeAsync(CatalogSnapshot older, CancellationToken cancellationToken) => InOneMomentAsync(async connection =>
    {
        var rev = await RevAsync(connection, cancellationToken);
        var overrides = await OverrideTable.ReadAsync(connection, cancellationToken);
        var decided = overrides.ChangedFrom(older.Overrides);
        if (rev == older.Rev && decided is []) return older;
        var changes = Invariant($"WHERE rev > {older.Rev}{(decided is [] ? "" : $" OR id IN ({string.Join(',', decided)})")}");
        if (await ScalarAsync(connection, $"SELECT count(*) FROM model {changes}", cancellationToken) > older.Documents / 2) return await LoadAsync(connection, cancellationToken);
        var builder = new SnapshotBuilder(await TermsAsync(connection, older.Terms, cancellationToken), older);
        return await ReadAsync(connection, builder, changes, overrides, cancellationToken) ? builder.Build(rev) with { Overrides = overrides } : await LoadAsync(connection, cancellationToken);
    }, cancellationToken);

    /// <summary>The snapshot with all counters as they are now, and without the models that have gone.</summary>
    public Task<CatalogSnapshot> RecountAsync(CatalogSnapshot older, CancellationToken cancellationToken) => InOneMomentAsync(async connection =>
    {
        var counters = new CounterColumns();
        counters.Append(older.Documents);
        var next = 0;
        await CountersAsync(connection, "", (id, downloads, likes, trending) =>
        {
            var document = next < older.Documents && older.Ids[next] == id ? next : older.DocumentOf(id); // mostly in the order of their ids
            if (document < 0) return;
            counters.Set(document, downloads, likes, trending);
            next = document + 1;
        }, cancellationToken);
        var live = new int[older.Live.Count];
        Bits.List(older.Live.Bits, live);
        var ordering = Task.Run(() => counters.Orders(live), cancellationToken); // while the ids are read
        var gone = await GoneAsync(connection, older, cancellationToken);
        return Without(gone, older with { Orders = [.. await ordering, .. older.Orders.Skip(3)] });
    }, cancellationToken);

    private static async Task<CatalogSnapshot> LoadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var rev = await RevAsync(connection, cancellationToken);
        var overrides = await OverrideTable.ReadAsync(connection, cancellationToken);
        var builder = new SnapshotBuilder(await TermsAsync(connection, Terms.None, cancellationToken));
        await ReadAsync(connection, builder, "", overrides, cancellationToken);
        return builder.Build(rev) with { Overrides = overrides };
    }

    private static async Task<int[]> GoneAsync(NpgsqlConnection connection, CatalogSnapshot older, CancellationToken cancellationToken)
    {
        // Counting is cheaper than reading all ids: mostly nothing has gone, and what came since has a higher change number.
        var added = 0;
        await using (var rows = await CopyReader.StartAsync(connection, Invariant($"SELECT id FROM model WHERE rev > {older.Rev}"), cancellationToken))
            while (await rows.ReadAsync(cancellationToken))
                if (older.DocumentOf(rows.Int() ?? 0) is var document && (document < 0 || !Bits.Has(older.Live.Bits, document))) added++;
        if (await ScalarAsync(connection, "SELECT count(*) FROM model", cancellationToken) - added == older.Live.Count) return [];

        var left = new ulong[Bits.Words(older.Documents)];
        older.Live.Bits.CopyTo(left);
        await using (var rows = await CopyReader.StartAsync(connection, "SELECT id FROM model", cancellationToken))
            while (await rows.ReadAsync(cancellationToken))
                if (older.DocumentOf(rows.Int() ?? 0) is >= 0 and var document) Bits.Remove(left, document);
        var gone = new int[Bits.Count(left)];
        Bits.List(left, gone);
        return gone;
    }

    private static CatalogSnapshot Without(int[] gone, CatalogSnapshot older)
    {
        if (gone is []) return older;
        var builder = new SnapshotBuilder(older.Terms, older);
        foreach (var document in gone) builder.Remove(older.Ids[document]);
        return builder.Build(older.Rev) with { Overrides = older.Overrides };
    }

    /// <summary>False if a new model has no place in what is there already.</summary>
    private static async Task<bool> ReadAsync(NpgsqlConnection connection, SnapshotBuilder builder, string which, OverrideTable overrides, CancellationToken cancellationToken)
    {
        var some = which.Length == 0 ? "" : $"WHERE model_id IN (SELECT id FROM model {which})";
        var bases = await BasesAsync(connection, some, cancellationToken);
        var model = new IndexedModel();
        await using (var rows = await CopyReader.StartAsync(connection, $"SELECT {Columns} FROM model {which} ORDER BY id", cancellationToken))
            while (await rows.ReadAsync(cancellationToken))
            {
                Read(rows, model, bases);
                overrides.Apply(model);
                if (!builder.Set(model)) return false;
            }
        await CountersAsync(connection, some, builder.Count, cancellationToken);
        return true;
    }

    private static void Read(CopyReader rows, IndexedModel model, Dictionary<int, byte> bases)
    {
        model.Id = rows.Int() ?? 0;
        model[Column.Class] = rows.Short() ?? FacetColumn.None;
        model[Column.Basis] = rows.Short() ?? FacetColumn.None;
        model[Column.Rung] = rows.Short() ?? FacetColumn.None;
        model[Column.Gating] = rows.Short() ?? FacetColumn.None;
        model[Column.State] = rows.Short() ?? FacetColumn.None;
        model[Column.Conflict] = rows.Bool() ? 1 : 0;
        model[Column.Weights] = rows.Short() ?? FacetColumn.None;
        model[Column.Code] = rows.Short() ?? FacetColumn.None;
        model[Column.Data] = rows.Short() ?? FacetColumn.None;
        model[Column.License] = rows.Int() ?? FacetColumn.None;
        model[Column.Task] = rows.Int() ?? FacetColumn.None;
        model[Column.Library] = rows.Int() ?? FacetColumn.None;
        model[Column.Context] = rows.Int() ?? FacetColumn.None;
        rows.Ints(model.Languages);
        rows.Ints(model.Tags);
        model.Created = rows.Long() is { } created ? IndexTime.OfMicroseconds(created) : SortOrder<int>.None;
        model.Updated = rows.Long() is { } updated ? IndexTime.OfMicroseconds(updated) : SortOrder<int>.None;
        model.Parameters = rows.Long() ?? SortOrder<long>.None;
        model.Observed = rows.Long() is { } observed ? IndexTime.OfMicroseconds(observed) : SortOrder<int>.None;
        model.Name = rows.Text();
        model.Summary = rows.Text();
        model.Relations.Clear();
        var relations = bases.GetValueOrDefault(model.Id);
        if ((relations & ~(1 << (int)BaseRelation.SameData)) == 0) model.Relations.Add(CatalogWords.Original); // what shares data only was not made from it
        for (var relation = 0; relations >> relation != 0; relation++)
            if ((relations >> relation & 1) != 0) model.Relations.Add(relation);
    }

    /// <summary>For each model that names bases, a bit for each way it came from one.</summary>
    private static async Task<Dictionary<int, byte>> BasesAsync(NpgsqlConnection connection, string which, CancellationToken cancellationToken)
    {
        var bases = new Dictionary<int, byte>();
        await using var rows = await CopyReader.StartAsync(connection, $"SELECT model_id, relation FROM model_base {which}", cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var (model, relation) = (rows.Int() ?? 0, rows.Short() ?? 0);
            bases[model] = (byte)(bases.GetValueOrDefault(model) | 1 << (relation & 7));
        }
        return bases;
    }

    private static async Task CountersAsync(NpgsqlConnection connection, string which, Action<int, long, int, int> take, CancellationToken cancellationToken)
    {
        await using var rows = await CopyReader.StartAsync(connection, $"SELECT model_id, downloads, likes, trending FROM model_counters {which}", cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) take(rows.Int() ?? 0, rows.Long() ?? 0, rows.Int() ?? 0, rows.Int() ?? 0);
    }

    private static async Task<Terms> TermsAsync(NpgsqlConnection connection, Terms older, CancellationToken cancellationToken)
    {
        var added = new TermTable();
        await using (var rows = await CopyReader.StartAsync(connection, Invariant($"SELECT id, kind, name FROM term WHERE id > {older.Last} AND kind <> {(int)TermKind.Author} ORDER BY id"), cancellationToken))
            while (await rows.ReadAsync(cancellationToken)) added.Add(rows.Int() ?? 0, (TermKind)(rows.Short() ?? 0), rows.Text().Span);
        List<CatalogLicense> licenses = [];
        await using (var rows = await CopyReader.StartAsync(connection, "SELECT id, key, name, spdx_id, license_class, known FROM license", cancellationToken))
            while (await rows.ReadAsync(cancellationToken))
                licenses.Add(new() { Id = rows.Int() ?? 0, Key = Text(rows), Name = Text(rows), SpdxId = Text(rows) is { Length: > 0 } spdx ? spdx : null, LicenseClass = Text(rows), Known = rows.Bool() });
        return older.With(added, licenses);
    }

    private static string Text(CopyReader rows) => System.Text.Encoding.UTF8.GetString(rows.Text().Span);

    private static async Task<long> RevAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => await ScalarAsync(connection, "SELECT coalesce(max(rev), 0) FROM model", cancellationToken);

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string query, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is long number ? number : 0;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private async Task<CatalogSnapshot> InOneMomentAsync(Func<NpgsqlConnection, Task<CatalogSnapshot>> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        return await read(connection);
    }
}
