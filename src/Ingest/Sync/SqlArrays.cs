using Npgsql;
using NpgsqlTypes;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Columns as array parameters: one statement writes any number of rows.</summary>
internal static class SqlArrays
{
    public static NpgsqlBatchCommand Command(string sql, params IEnumerable<NpgsqlParameter> columns)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in columns) command.Parameters.Add(column);
        return command;
    }

    public static NpgsqlParameter Column<TRow, TValue>(IReadOnlyCollection<TRow> rows, NpgsqlDbType type, Func<TRow, TValue> value) =>
        new() { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    /// <summary>A list in one cell, as text that PostgreSQL casts: an array of arrays would have to be a rectangle.</summary>
    public static string Cell(IEnumerable<int> numbers) => $"{{{string.Join(',', numbers)}}}";
}
