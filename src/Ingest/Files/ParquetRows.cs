using System.Buffers;
using System.Text;
using System.Text.Json;
using ModelAtlas.Ingest.HuggingFace;
using Parquet;
using Parquet.Schema;

namespace ModelAtlas.Ingest.Files;

/// <summary>
/// Rows of a parquet file whose columns are named like the hub's fields (<c>hub-stats</c>), whichever of them there are, as JSON that the same readers take.
/// Of a file only the columns that mean something here are read, a row group at a time.
/// </summary>
internal sealed class ParquetRows : IElementSource
{
    /// <summary>What the columns of one row group may come to in memory.</summary>
    private const long MostBytes = 2L * 1024 * 1024 * 1024;

    private readonly FileStream _file;
    private readonly ParquetReader _reader;
    private readonly List<Field> _fields;
    private readonly ArrayBufferWriter<byte> _row = new(4096);
    private readonly Utf8JsonWriter _json;
    private List<(string Name, ParquetValue Value)> _columns = [];
    private int _group;
    private long _left;

    private ParquetRows(FileStream file, ParquetReader reader)
    {
        (_file, _reader) = (file, reader);
        _fields = [.. reader.Schema.Fields.Where(field => HubField.Of(Encoding.UTF8.GetBytes(field.Name)) is not (HubField.Name.Other or HubField.Name.Volatile or HubField.Name.Atlas))];
        _json = new(_row, new JsonWriterOptions { SkipValidation = true });
    }

    public long Count { get; private set; }
    public string Position => $"row {Count}";
    public double Place => _reader.RowGroupCount == 0 ? 1 : (double)_group / _reader.RowGroupCount;

    public static ParquetRows Open(FileStream file)
    {
        ParquetRows rows;
        try
        {
            rows = new(file, ParquetReader.CreateAsync(file, cancellationToken: CancellationToken.None).GetAwaiter().GetResult());
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            throw new InvalidDataException($"{file.Name} is no parquet that can be read: get it again. ({broken.Message})", broken);
        }
        return rows._fields.Exists(field => field.Name is "id" or "modelId") ? rows : throw new InvalidDataException($"{file.Name} has no column id: it is no table of models or datasets.");
    }

    public bool TryRead(out ReadOnlyMemory<byte> element, out long length)
    {
        (element, length) = (default, 0);
        while (_left == 0)
        {
            if (_group == _reader.RowGroupCount) return false;
            ReadGroup();
        }
        _left--;
        Count++;
        _row.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        foreach (var (name, value) in _columns) value.WriteTo(_json, name);
        _json.WriteEndObject();
        _json.Flush();
        (element, length) = (_row.WrittenMemory, _row.WrittenCount);
        return true;
    }

    private void ReadGroup()
    {
        var size = 0.0;
        try
        {
            foreach (var (_, value) in _columns) value.Dispose();
            _columns = [];
            using var group = _reader.OpenRowGroupReader(_group++);
            size = _fields.SelectMany(ParquetValue.Leaves).Sum(leaf => SizeOf(group, leaf));
            if (size <= MostBytes) _columns = _fields.ConvertAll(field => (field.Name, ParquetValue.Read(field, group)));
            _left = group.RowCount;
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // Bytes that lie can make the library fail in any way.
            throw new InvalidDataException($"{_file.Name}: row group {_group} cannot be read: get the file again. ({broken.Message})", broken);
        }
        if (size > MostBytes) throw new InvalidDataException($"{_file.Name}: row group {_group} is larger than {MostBytes >> 30} GiB: write the file anew with smaller row groups.");
    }

    /// <summary>In memory: the bytes of a column, and some more for each of its values.</summary>
    private static double SizeOf(ParquetRowGroupReader group, DataField leaf) =>
        group.GetMetadata(leaf)?.MetaData is { } column ? Math.Abs((double)column.TotalUncompressedSize) + (Math.Abs((double)column.NumValues) * 24) : 0;

    public void Dispose()
    {
        foreach (var (_, value) in _columns) value.Dispose();
        _json.Dispose();
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }
}
