using System.Globalization;
using ModelAtlas.Web.Catalog;
using Parquet;
using Parquet.Schema;

namespace ModelAtlas.Web.Exports;

/// <summary>A column of an exported table: the same in a spreadsheet and in Parquet.</summary>
internal abstract record ExportColumn(string Name)
{
    public static readonly IReadOnlyList<ExportColumn> All =
    [
        new TextColumn("id", row => row.RepoId),
        new TextColumn("class", row => row.Class.Id()),
        new TextColumn("basis", row => row.Basis.Id()),
        new TextColumn("rung", row => row.Rung.Id()),
        new TextColumn("license", row => row.License?.Key),
        new TextColumn("license_name", row => row.License?.Name),
        new TextColumn("license_spdx", row => row.License?.SpdxId),
        new TextColumn("license_class", row => row.License?.Class),
        new ValueColumn<bool>("conflict", row => row.Conflict),
        new TextColumn("weights", row => row.Axes?.Weights),
        new TextColumn("code", row => row.Axes?.Code),
        new TextColumn("data", row => row.Axes?.Data),
        new TextColumn("author", row => row.Author),
        new TextColumn("task", row => row.Task),
        new TextColumn("library", row => row.Library),
        new ValueColumn<long>("parameters", row => row.Parameters),
        new TextColumn("gated", row => row.Gating.Id()),
        new TextColumn("state", row => row.State.Id()),
        new ValueColumn<long>("downloads", row => row.Downloads),
        new ValueColumn<int>("likes", row => row.Likes),
        new ValueColumn<int>("trending", row => row.Trending),
        new ValueColumn<DateTime>("created_at", row => row.CreatedAt),
        new ValueColumn<DateTime>("updated_at", row => row.ModifiedAt),
        new ValueColumn<DateTime>("observed_at", row => row.ObservedAt),
        new TextColumn("summary", row => row.Summary),
        new TextColumn("override_reason", row => row.Override?.Reason),
        new TextColumn("rules_class", row => row.Override?.Ruled.Class.Id()),
        new TextColumn("rules_license", row => row.Override?.Ruled.License?.Key),
    ];

    public abstract DataField Field { get; }

    public abstract string Text(CatalogRow row);

    public abstract Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<CatalogRow> rows, CancellationToken cancellationToken);
}

internal sealed record TextColumn(string Name, Func<CatalogRow, string?> Read) : ExportColumn(Name)
{
    public override DataField Field { get; } = new DataField<string>(Name, nullable: true);

    public override string Text(CatalogRow row) => Read(row) ?? "";

    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<CatalogRow> rows, CancellationToken cancellationToken) =>
        group.WriteAsync(Field, (IReadOnlyCollection<string?>)[.. rows.Select(Read)]);
}

internal sealed record ValueColumn<T>(string Name, Func<CatalogRow, T?> Read) : ExportColumn(Name) where T : struct
{
    public override DataField Field { get; } = new DataField<T>(Name, nullable: true);

    public override string Text(CatalogRow row) => Read(row) switch
    {
        null => "",
        bool yes => yes ? "yes" : "no",
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        var number => Convert.ToString(number, CultureInfo.InvariantCulture) ?? "",
    };

    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<CatalogRow> rows, CancellationToken cancellationToken)
    {
        T?[] values = [.. rows.Select(Read)];
        return group.WriteAsync<T>(Field, values, null, null, cancellationToken);
    }
}
