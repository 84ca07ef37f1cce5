namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>A card's front matter while it is being read. Two statements of the same thing both stand, so that the stricter can govern.</summary>
internal sealed class HubCardDraft
{
    private bool _any;
    private List<string>? _license;
    private List<string>? _bases;
    private List<string>? _datasets;

    public string? LicenseName { get; set; }
    public string? LicenseLink { get; set; }
    public string? BaseModelRelation { get; set; }
    public List<string>? Language { get; set; }
    public string? PipelineTag { get; set; }
    public string? LibraryName { get; set; }
    public List<string>? Tags { get; set; }
    public string? ExtraGatedPrompt { get; set; }

    /// <summary>There is a card, even when it says nothing the catalogue reads.</summary>
    public void Open() => _any = true;

    public void AddLicenses(List<string>? more) => Add(ref _license, more, HubLimits.Licenses);

    public void AddBases(List<string>? more) => Add(ref _bases, more, HubLimits.Bases);

    public void AddDatasets(List<string>? more) => Add(ref _datasets, more, HubLimits.Datasets);

    public HubCardData? ToCard() => !_any ? null : new()
    {
        License = _license,
        LicenseName = LicenseName,
        LicenseLink = LicenseLink,
        BaseModel = _bases,
        BaseModelRelation = BaseModelRelation,
        Datasets = _datasets,
        Language = Language,
        PipelineTag = PipelineTag,
        LibraryName = LibraryName,
        Tags = Tags,
        ExtraGatedPrompt = ExtraGatedPrompt,
    };

    /// <summary>Both of two licence names that differ: all apply.</summary>
    public static string? Both(string? before, string? now) => before is null || before == now ? now ?? before : now is null ? before : $"{before} AND {now}";

    private void Add(ref List<string>? list, List<string>? more, int most)
    {
        if (more is null) return;
        _any = true;
        list = HubModelDraft.Join(list, more, most);
    }
}
