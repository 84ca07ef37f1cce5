using ModelAtlas.Web.Catalog.Local;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The newest snapshot of the catalogue. One reference is all that readers share with whoever makes the next one.</summary>
internal sealed class CatalogIndex
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CatalogSnapshot? _current;
    private volatile bool _hasHeldAll;
    private readonly Lock _turn = new();
    private LocalFacts _local = LocalFacts.None;

    /// <summary>Null until the first one is made.</summary>
    public CatalogSnapshot? Current => _current;

    /// <summary>Waits a little for the first one, as a page may be asked for while the site starts.</summary>
    public async ValueTask<CatalogSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        if (_current is { } ready) return ready;
        try
        {
            await _first.Task.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new IndexNotReadyException();
        }
        return _current ?? throw new IndexNotReadyException();
    }

    /// <summary>Whether a loaded catalogue has ever been here up to its last change. After that it is only ever some seconds behind, which is no reason to send visitors away.</summary>
    public bool HasHeld(long rev) => _hasHeldAll |= _current?.Rev >= rev;

    public void Put(CatalogSnapshot next)
    {
        lock (_turn) _current = Numbered(next);
        _first.TrySetResult();
    }

    /// <summary>What this site knows by itself. The catalogue stays as it is; whatever was made of it is made again.</summary>
    public void Put(LocalFacts local)
    {
        lock (_turn)
        {
            if (_local.IsSame(local)) return;
            _local = local;
            if (_current is { } current) _current = Numbered(current);
        }
    }

    private CatalogSnapshot Numbered(CatalogSnapshot next) => next with { Version = (_current?.Version ?? 0) + 1, Local = _local, Kept = new() };
}

/// <summary>The catalogue is still being read into memory, which takes half a minute for three million models.</summary>
internal sealed class IndexNotReadyException() : Exception("The catalogue is being counted; it is ready in a moment.");
