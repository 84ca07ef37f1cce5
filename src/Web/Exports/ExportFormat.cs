using System.Text;
using System.Text.Json;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Display;
using Parquet;
using Parquet.Schema;

namespace ModelAtlas.Web.Exports;

/// <summary>How a list of models is written down.</summary>
internal sealed record ExportFormat(string Name, string MediaType, Func<IAsyncEnumerable<IReadOnlyList<CatalogRow>>, Stream, CancellationToken, Task> WriteAsync)
{
    public static readonly IReadOnlyList<ExportFormat> All =
    [
        new("csv", "text/csv; charset=utf-8", WriteCsvAsync), new("jsonl", "application/jsonl; charset=utf-8", WriteLinesAsync), new("parquet", "application/vnd.apache.parquet", WriteParquetAsync),
    ];

    public static string Names => string.Join(", ", All.Select(format => format.Name));

    public static ExportFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);

    private static async Task WriteCsvAsync(IAsyncEnumerable<IReadOnlyList<CatalogRow>> batches, Stream output, CancellationToken cancellationToken)
    {
        var text = new StringBuilder().Line(ExportColumn.All.Select(column => column.Name));
        await foreach (var rows in batches)
        {
            foreach (var row in rows) text.Line(ExportColumn.All.Select(column => column.Text(row)));
            await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
            text.Clear();
        }
        if (text.Length > 0) await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
    }

    private static async Task WriteLinesAsync(IAsyncEnumerable<IReadOnlyList<CatalogRow>> batches, Stream output, CancellationToken cancellationToken)
    {
        await foreach (var rows in batches)
        {
            using var lines = new MemoryStream();
            foreach (var row in rows)
            {
                JsonSerializer.Serialize(lines, ModelItem.Of(row), ApiJson.Default.ModelItem);
                lines.WriteByte((byte)'\n');
            }
            await output.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), cancellationToken);
        }
    }

    /// <summary>The end of such a file tells where its parts begin, so it is made on disk first.</summary>
    private static async Task WriteParquetAsync(IAsyncEnumerable<IReadOnlyList<CatalogRow>> batches, Stream output, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(Path.Combine(Path.GetTempPath(), $"modelatlas-{Guid.NewGuid():n}.parquet"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        var schema = new ParquetSchema(ExportColumn.All.Select(column => (Field)column.Field));
        await using (var writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: cancellationToken))
        {
            await foreach (var rows in batches)
            {
                if (rows is []) continue;
                using var group = writer.CreateRowGroup();
                foreach (var column in ExportColumn.All) await column.WriteAsync(group, rows, cancellationToken);
            }
        }
        file.Position = 0;
        await file.CopyToAsync(output, cancellationToken);
    }
}
