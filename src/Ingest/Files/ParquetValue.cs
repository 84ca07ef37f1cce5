using System.Text.Json;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace ModelAtlas.Ingest.Files;

/// <summary>One field of a row group, of any nesting, written row by row as JSON. Nulls are left out: in a table they say nothing.</summary>
internal abstract class ParquetValue : IDisposable
{
    public static IEnumerable<DataField> Leaves(Field field) => field switch
    {
        DataField leaf => [leaf],
        StructField group => group.Fields.SelectMany(Leaves),
        ListField list => Leaves(list.Item),
        _ => [], // maps: no field of the hub is one
    };

    public static ParquetValue Read(Field field, ParquetRowGroupReader group) => field switch
    {
        DataField { MaxRepetitionLevel: > 0 } repeated when repeated.IsArray => new Items(new Leaf(repeated, group), repeated.MaxRepetitionLevel, repeated.MaxDefinitionLevel),
        DataField leaf => new Leaf(leaf, group),
        StructField parts => new Parts([.. parts.Fields.Where(part => Leaves(part).Any()).Select(part => (part.Name, Read(part, group)))], parts.MaxDefinitionLevel),
        ListField list when Leaves(list).Any() => new Items(Read(list.Item, group), list.MaxRepetitionLevel, list.MaxDefinitionLevel),
        _ => new Nothing(),
    };

    /// <summary>Definition and repetition level of the entry that comes next.</summary>
    protected abstract (int Definition, int Repetition) Next { get; }

    protected abstract bool HasNext { get; }

    /// <summary>Goes past one entry of everything below.</summary>
    protected abstract void Skip();

    /// <summary>Writes the value that comes next; under a name only if it is there.</summary>
    public abstract void WriteTo(Utf8JsonWriter json, string? name);

    public abstract void Dispose();

    private sealed class Nothing : ParquetValue
    {
        protected override (int, int) Next => (0, 0);
        protected override bool HasNext => false;

        protected override void Skip()
        {
        }

        public override void WriteTo(Utf8JsonWriter json, string? name)
        {
        }

        public override void Dispose()
        {
        }
    }

    private sealed class Parts(List<(string Name, ParquetValue Value)> parts, int present) : ParquetValue
    {
        protected override (int, int) Next => parts[0].Value.Next;
        protected override bool HasNext => parts is not [] && parts[0].Value.HasNext;

        protected override void Skip()
        {
            foreach (var (_, value) in parts) value.Skip();
        }

        public override void WriteTo(Utf8JsonWriter json, string? name)
        {
            if (Next.Item1 < present)
            {
                Skip();
                if (name is null) json.WriteNullValue();
                return;
            }
            if (name is null) json.WriteStartObject();
            else json.WriteStartObject(name);
            foreach (var (part, value) in parts) value.WriteTo(json, part);
            json.WriteEndObject();
        }

        public override void Dispose()
        {
            foreach (var (_, value) in parts) value.Dispose();
        }
    }

    private sealed class Items(ParquetValue item, int depth, int present) : ParquetValue
    {
        protected override (int, int) Next => item.Next;
        protected override bool HasNext => item.HasNext;
        protected override void Skip() => item.Skip();

        public override void WriteTo(Utf8JsonWriter json, string? name)
        {
            var defined = Next.Item1;
            if (defined < present - 1 || (defined < present && name is null))
            {
                Skip();
                if (name is null) json.WriteNullValue();
                return;
            }
            if (name is null) json.WriteStartArray();
            else json.WriteStartArray(name);
            if (defined < present) Skip();
            else
                do item.WriteTo(json, null);
                while (item.HasNext && item.Next.Repetition >= depth);
            json.WriteEndArray();
        }

        public override void Dispose() => item.Dispose();
    }

    private sealed class Leaf : ParquetValue
    {
        private readonly RawColumnData _data;
        private readonly Action<Utf8JsonWriter, string, int> _write;
        private readonly int _present;
        private readonly bool _repeats;
        private readonly int _count;
        private int _entry;
        private int _value;

        public Leaf(DataField field, ParquetRowGroupReader group)
        {
            _data = group.ReadRawColumnDataBaseAsync(field, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            (_present, _repeats) = (field.MaxDefinitionLevel, field.MaxRepetitionLevel > 0);
            _count = _present > 0 ? _data.DefinitionLevels.Length : (int)Math.Min(group.RowCount, int.MaxValue);
            _write = Writer(_data);
        }

        protected override (int, int) Next => (_present == 0 ? 0 : _data.DefinitionLevels[_entry], _repeats ? _data.RepetitionLevels[_entry] : 0);
        protected override bool HasNext => _entry < _count;

        protected override void Skip()
        {
            if (Next.Item1 == _present) _value++;
            _entry++;
        }

        public override void WriteTo(Utf8JsonWriter json, string? name)
        {
            if (Next.Item1 == _present) _write(json, name ?? "", name is null ? ~_value : _value);
            else if (name is null) json.WriteNullValue();
            Skip();
        }

        public override void Dispose() => _data.Dispose();

        /// <summary>The number is complemented where the value stands in a list, without a name.</summary>
        private static Action<Utf8JsonWriter, string, int> Writer(RawColumnData data) => data switch
        {
            RawColumnData<ReadOnlyMemory<char>> text => (json, name, at) => Text(json, name, at < 0, text.Values[at < 0 ? ~at : at].Span),
            RawColumnData<bool> flag => (json, name, at) => Value(json, name, at, flag.Values[at < 0 ? ~at : at], json.WriteBooleanValue),
            RawColumnData<long> number => (json, name, at) => Value(json, name, at, number.Values[at < 0 ? ~at : at], json.WriteNumberValue),
            RawColumnData<int> number => (json, name, at) => Value(json, name, at, number.Values[at < 0 ? ~at : at], json.WriteNumberValue),
            RawColumnData<short> number => (json, name, at) => Value(json, name, at, number.Values[at < 0 ? ~at : at], value => json.WriteNumberValue(value)),
            RawColumnData<ulong> number => (json, name, at) => Value(json, name, at, number.Values[at < 0 ? ~at : at], json.WriteNumberValue),
            RawColumnData<uint> number => (json, name, at) => Value(json, name, at, number.Values[at < 0 ? ~at : at], json.WriteNumberValue),
            RawColumnData<double> number => (json, name, at) => Number(json, name, at, number.Values[at < 0 ? ~at : at]),
            RawColumnData<float> number => (json, name, at) => Number(json, name, at, number.Values[at < 0 ? ~at : at]),
            RawColumnData<DateTime> date => (json, name, at) => Value(json, name, at, DateTime.SpecifyKind(date.Values[at < 0 ? ~at : at], DateTimeKind.Utc), json.WriteStringValue),
            _ => (json, _, at) =>
            {
                if (at < 0) json.WriteNullValue();
            }
            ,
        };

        /// <summary>In some tables what is an object or a flag in the hub's answer is its text.</summary>
        private static void Text(Utf8JsonWriter json, string name, bool listed, ReadOnlySpan<char> text)
        {
            if (!listed) json.WritePropertyName(name);
            if (!listed && text is ['{' or '[', ..] && name is "cardData" or "config" or "safetensors" or "gguf" or "siblings" or "baseModels" && IsJson(text)) json.WriteRawValue(text);
            else if (!listed && name == "gated" && bool.TryParse(text, out var gated)) json.WriteBooleanValue(gated);
            else json.WriteStringValue(text);
        }

        private static bool IsJson(ReadOnlySpan<char> text)
        {
            try
            {
                using var parsed = JsonDocument.Parse(text.ToString());
                return true;
            }
            catch (JsonException)
            {
                return false;
            }
        }

        private static void Number(Utf8JsonWriter json, string name, int at, double value)
        {
            if (double.IsInteger(value) && Math.Abs(value) < 1e18) Value(json, name, at, (long)value, json.WriteNumberValue);
            else if (double.IsFinite(value)) Value(json, name, at, value, json.WriteNumberValue);
            else if (at < 0) json.WriteNullValue();
        }

        private static void Value<T>(Utf8JsonWriter json, string name, int at, T value, Action<T> write)
        {
            if (at >= 0) json.WritePropertyName(name);
            write(value);
        }
    }
}
