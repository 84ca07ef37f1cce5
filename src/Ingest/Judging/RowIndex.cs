using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ModelAtlas.Ingest.Judging;

/// <summary>Finds the rows of a list by their ids, in whatever letter case. The first row of an id counts.</summary>
internal sealed class RowIndex(RowList rows)
{
    private readonly HashSet<int> _numbers = new(new SameId(rows));

    public void Add(int row) => _numbers.Add(row);

    public int? Find(string id) => _numbers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(Encoding.UTF8.GetBytes(id), out var row) ? row : null;

    private sealed class SameId(RowList rows) : IEqualityComparer<int>, IAlternateEqualityComparer<ReadOnlySpan<byte>, int>
    {
        private const int Longest = 256;

        public bool Equals(int one, int other) => Same(rows.Id(one), rows.Id(other));

        public int GetHashCode(int row) => GetHashCode(rows.Id(row));

        public bool Equals(ReadOnlySpan<byte> id, int row) => Same(id, rows.Id(row));

        public int GetHashCode(ReadOnlySpan<byte> id)
        {
            Span<byte> small = stackalloc byte[Longest];
            var hash = default(HashCode);
            var letters = id[..Math.Min(id.Length, Longest)];
            hash.AddBytes(Ascii.ToLower(letters, small, out var length) == System.Buffers.OperationStatus.Done ? small[..length] : letters);
            return hash.ToHashCode();
        }

        [DoesNotReturn]
        public int Create(ReadOnlySpan<byte> id) => throw new NotSupportedException("An id alone is no row.");

        private static bool Same(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => one.SequenceEqual(other) || Ascii.EqualsIgnoreCase(one, other);
    }
}
