namespace ModelAtlas.Domain.Licenses;

/// <summary>One question asked of several licences. <paramref name="Cells"/> are in the order of the licences.</summary>
public sealed record ComparedFact(FactTag Tag, IReadOnlyList<LicenseFact> Cells)
{
    /// <summary>Clauses and notes may differ while the answer is the same.</summary>
    public bool Differs => Cells.Select(cell => cell.Answer).Distinct().Count() > 1;
}

/// <summary>Licences side by side, one row for each fact, grouped as <see cref="FactTag.All"/> is.</summary>
public sealed record LicenseComparison(IReadOnlyList<License> Licenses, IReadOnlyList<ComparedFact> Rows)
{
    public const int Fewest = 2;
    public const int Most = 5;

    public static LicenseComparison Of(IReadOnlyList<License> licenses) =>
        new(licenses, [.. FactTag.All.Select(tag => new ComparedFact(tag, [.. licenses.Select(license => license.Fact(tag))]))]);

    public IEnumerable<ComparedFact> Differences => Rows.Where(row => row.Differs);
}
