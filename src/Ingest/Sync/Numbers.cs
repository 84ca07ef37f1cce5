namespace ModelAtlas.Ingest.Sync;

/// <summary>Numbers that the database gave to names. What a transaction adds counts only once it is committed.</summary>
internal sealed class Numbers<TName> where TName : notnull
{
    /// <summary>Above this the memory is dropped and fills again with what is in use.</summary>
    private const int Most = 1_000_000;

    private readonly Dictionary<TName, int> _committed = [];
    private readonly Dictionary<TName, int> _pending = [];

    public int this[TName name]
    {
        get => _pending.TryGetValue(name, out var id) ? id : _committed[name];
        set => _pending[name] = value;
    }

    public bool Has(TName name) => _committed.ContainsKey(name) || _pending.ContainsKey(name);

    public void Commit()
    {
        if (_committed.Count + _pending.Count > Most) _committed.Clear();
        foreach (var (name, id) in _pending) _committed[name] = id;
        _pending.Clear();
    }

    public void Rollback() => _pending.Clear();

    /// <summary>After a failure nothing is sure: the database may be another one.</summary>
    public void Forget()
    {
        _pending.Clear();
        _committed.Clear();
    }
}
