using Npgsql;

namespace ModelAtlas.Bench.Ingest;

/// <summary>The stored rows as binary COPY gives and takes them: nothing that writes them into the same tables, with their keys and indexes, can be faster from Npgsql.</summary>
internal sealed class RawCopy
{
    /// <summary>In an order that the foreign keys allow.</summary>
    private static readonly string[] Tables = ["term", "license", "model", "model_counters", "model_facts", "model_base", "model_dataset", "model_alias", "verdict"];

    private readonly Dictionary<string, byte[]> _bytes = [];

    public static async Task<RawCopy> ReadAsync(NpgsqlConnection connection)
    {
        var copy = new RawCopy();
        foreach (var table in Tables)
        {
            await using var source = await connection.BeginRawBinaryCopyAsync($"COPY {table} TO STDOUT (FORMAT binary)");
            using var bytes = new MemoryStream();
            await source.CopyToAsync(bytes);
            copy._bytes[table] = bytes.ToArray();
        }
        return copy;
    }

    public async Task WriteAsync(NpgsqlConnection connection)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var table in Tables)
        {
            await using var target = await connection.BeginRawBinaryCopyAsync($"COPY {table} FROM STDIN (FORMAT binary)");
            await target.WriteAsync(_bytes[table]);
        }
        await transaction.CommitAsync();
    }
}
