using System.Runtime.InteropServices;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>
/// Takes the texts of documents, documents rising, and reads their words while the next rows come: batch by batch, one being read as another is filled.
/// </summary>
internal sealed class TextFeed(Terms terms)
{
    private const int BatchLength = 4_096;
    private readonly SegmentBuilder _segment = new();
    private readonly int[]?[] _wordsOfTags = new int[]?[terms.Last + 1];
    private Batch _filled = new(), _spare = new();
    private Task _reading = Task.CompletedTask;

    public void Add(int document, IndexedModel model)
    {
        _filled.Add(document, model);
        if (_filled.Count == BatchLength) Pass();
    }

    public TextSegment Build(int documents)
    {
        Pass();
        _reading.Wait();
        return _segment.Build(documents);
    }

    private void Pass()
    {
        _reading.Wait();
        var batch = _filled;
        (_filled, _spare) = (_spare, _filled);
        _filled.Clear();
        _reading = Task.Run(() => batch.Read(_segment, WordsOf));
    }

    private int[] WordsOf(int tag)
    {
        if (tag < 0 || tag >= _wordsOfTags.Length) return []; // a name that is not there has no words
        if (_wordsOfTags[tag] is { } words) return words;
        var reader = new WordReader(terms.Utf8(tag), stackalloc byte[WordReader.Longest]);
        List<int> numbers = [];
        while (reader.Next()) numbers.Add(_segment.Number(reader.Current));
        return _wordsOfTags[tag] = [.. numbers];
    }

    private sealed class Batch
    {
        private readonly List<(int Document, int NameEnd, int End, int TagsEnd)> _documents = new(BatchLength);
        private readonly List<int> _tags = [];
        private readonly List<byte> _text = [];

        public int Count => _documents.Count;

        public void Add(int document, IndexedModel model)
        {
            _text.AddRange(model.Name.Span);
            var nameEnd = _text.Count;
            _text.AddRange(model.Summary.Span);
            _tags.AddRange(CollectionsMarshal.AsSpan(model.Tags));
            _documents.Add((document, nameEnd, _text.Count, _tags.Count));
        }

        public void Read(SegmentBuilder segment, Func<int, int[]> wordsOf)
        {
            var text = CollectionsMarshal.AsSpan(_text);
            var (start, tag) = (0, 0);
            foreach (var (document, nameEnd, end, tagsEnd) in _documents)
            {
                segment.Start(document);
                segment.Add(text[start..nameEnd]);
                segment.Add(text[nameEnd..end]);
                for (; tag < tagsEnd; tag++)
                    foreach (var word in wordsOf(_tags[tag])) segment.Add(word);
                start = end;
            }
        }

        public void Clear()
        {
            _documents.Clear();
            _tags.Clear();
            _text.Clear();
        }
    }
}
