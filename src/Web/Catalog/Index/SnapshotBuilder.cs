using System.Runtime.InteropServices;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Makes a snapshot: of nothing, or of an older one and what changed since. Each model is given at most once, in the order of their ids.</summary>
internal sealed class SnapshotBuilder
{
    private static readonly Column[] Singles = [.. Enum.GetValues<Column>().Where(column => column <= Column.Context)];
    private readonly CatalogSnapshot? _older;
    private readonly Terms _terms;
    private readonly List<int> _ids = [];
    private readonly List<int>[] _singles = [.. Singles.Select(_ => new List<int>())];
    private readonly SetColumn _relations = new(), _languages = new();
    private readonly ManyColumn _tags = new();
    private readonly NameTable.Builder _names = new(); // those that are new
    private readonly List<int> _named = []; // whose they are
    private readonly HashSet<int> _renamed = [];
    private readonly List<int> _created = [], _updated = [];
    private readonly List<long> _parameters = [];
    private readonly CounterColumns _counters = new();
    private readonly HashSet<int> _gone = [];
    private readonly TextFeed _text;
    private readonly List<int> _changed = []; // of an older snapshot's texts, those that no longer hold
    private bool _hasNewNames;
    private int _next;
    private int _observed = SortOrder<int>.None;

    public SnapshotBuilder(Terms terms) => (_terms, _text) = (terms, new(terms));

    public SnapshotBuilder(Terms terms, CatalogSnapshot older) : this(terms)
    {
        _older = older;
        _ids.AddRange(older.Ids);
        foreach (var column in Singles) ((SingleFacetColumn)older[column]).AddTo(_singles[(int)column], older.Documents);
        (_relations, _languages, _tags) = (new((SetFacetColumn)older[Column.Relation]), new((SetFacetColumn)older[Column.Language]), ((ManyFacetColumn)older[Column.Tag]).ToColumn());
        _created.AddRange(((SortOrder<int>)older[CatalogSort.Created]).Values);
        _updated.AddRange(((SortOrder<int>)older[CatalogSort.Updated]).Values);
        _parameters.AddRange(((SortOrder<long>)older[CatalogSort.Params]).Values);
        _counters.Append(older);
        if (older.Live.Count == older.Documents) return;
        for (var document = 0; document < older.Documents; document++)
            if (!Bits.Has(older.Live.Bits, document)) _gone.Add(document);
    }

    public int Documents => _ids.Count;

    /// <summary>False for a new model whose id is not the highest: it has no place in what is there already.</summary>
    public bool Set(IndexedModel model)
    {
        var document = Find(model.Id);
        if (document < 0 && ~document != _ids.Count) return false;
        if (document < 0) document = Append(model);
        else Replace(document, model);
        if (_older is not null) _changed.Add(document);
        _text.Add(document, model);
        _observed = Math.Max(_observed, model.Observed);
        return true;
    }

    public void Remove(int id)
    {
        if (Find(id) is not (>= 0 and var document) || !_gone.Add(document)) return;
        _changed.Add(document);
        _hasNewNames = true;
    }

    public void Count(int id, long downloads, int likes, int trending)
    {
        if (Find(id) is >= 0 and var document) _counters.Set(document, downloads, likes, trending);
    }

    public CatalogSnapshot Build(long rev)
    {
        int[] live = [.. Enumerable.Range(0, Documents).Where(document => !_gone.Contains(document))];
        var text = TextIndex.Nothing;
        RepoNames? names = null;
        AuthorNames? authors = null;
        FacetColumn[] facets = [];
        SortOrder[] orders = [];
        Parallel.Invoke( // each takes seconds of millions of models
            () => text = Text(),
            () => (names, authors, facets) = Columns(new(Documents, live)),
            () => orders = Orders(live));
        if (names is null || authors is null) throw new InvalidOperationException("There are no names.");
        return new()
        {
            Rev = rev,
            AsOf = new[] { _older?.AsOf, IndexTime.ToDate(_observed) }.Max(),
            Ids = [.. _ids],
            Live = Everything(live),
            Names = names,
            Authors = authors,
            Facets = facets,
            Orders = [.. orders, names.Places],
            Text = text,
            Terms = _terms,
        };
    }

    private TextIndex Text() => _older is null ? TextIndex.Of(_text.Build(Documents)) : _changed.Count == 0 ? _older.Text : _older.Text.With(_text.Build(Documents), _changed, Documents);

    private (RepoNames Names, AuthorNames Authors, FacetColumn[] Facets) Columns(FacetBuilder facets)
    {
        var (names, authors, byAuthor) = Names(facets);
        FacetColumn[] columns =
        [
            .. Singles.Select(column => facets.Single(CollectionsMarshal.AsSpan(_singles[(int)column]))),
            facets.Sets(_relations), facets.Sets(_languages), facets.Many(_tags.Build()), byAuthor,
        ];
        return (names, authors, columns);
    }

    private SortOrder[] Orders(int[] live) =>
    [
        .. _counters.Orders(live), SortOrder<int>.Of([.. _updated], [.. live]), SortOrder<int>.Of([.. _created], [.. live]), SortOrder<long>.Of([.. _parameters], [.. live]),
    ];

    /// <summary>Models come mostly in the order of their ids.</summary>
    private int Find(int id)
    {
        if (_ids is [] || id > _ids[^1]) return ~_ids.Count;
        var document = _next < _ids.Count && _ids[_next] == id ? _next : CollectionsMarshal.AsSpan(_ids).BinarySearch(id);
        if (document >= 0) _next = document + 1;
        return document;
    }

    private (RepoNames Names, AuthorNames Authors, FacetColumn ByAuthor) Names(FacetBuilder facets)
    {
        if (_older is not null && !_hasNewNames) return (_older.Names, _older.Authors, _older[Column.Author]);
        var names = RepoNames.Of(_names.Build(), _named, _older?.Names, document => !_renamed.Contains(document) && !_gone.Contains(document), Documents);
        var (authors, authorOf) = AuthorNames.Of(names, Documents);
        return (names, authors, facets.Single([.. Enumerable.Range(0, authors.Count)], authorOf));
    }

    private DocSet Everything(int[] live)
    {
        var bits = new ulong[Bits.Words(Documents)];
        foreach (var document in live) Bits.Add(bits, document);
        return DocSet.Bitmap(bits, bits.Length, live.Length);
    }

    private int Append(IndexedModel model)
    {
        _ids.Add(model.Id);
        for (var column = 0; column < _singles.Length; column++) _singles[column].Add(model.Numbers[column]);
        _relations.Append(CollectionsMarshal.AsSpan(model.Relations));
        _languages.Append(CollectionsMarshal.AsSpan(model.Languages));
        _tags.Append(CollectionsMarshal.AsSpan(model.Tags));
        Name(Documents - 1, model);
        _created.Add(model.Created);
        _updated.Add(model.Updated);
        _parameters.Add(model.Parameters);
        _counters.Append();
        return Documents - 1;
    }

    private void Replace(int document, IndexedModel model)
    {
        for (var column = 0; column < _singles.Length; column++) _singles[column][document] = model.Numbers[column];
        _relations.Replace(document, CollectionsMarshal.AsSpan(model.Relations));
        _languages.Replace(document, CollectionsMarshal.AsSpan(model.Languages));
        _tags.Replace(document, CollectionsMarshal.AsSpan(model.Tags));
        _created[document] = model.Created;
        _updated[document] = model.Updated;
        _parameters[document] = model.Parameters;
        if (!_gone.Remove(document) && _older?.Names.Has(document, model.Name.Span) == true) return;
        _renamed.Add(document);
        Name(document, model);
    }

    private void Name(int document, IndexedModel model)
    {
        _names.Add(model.Name.Span);
        _named.Add(document);
        _hasNewNames = true;
    }
}
