namespace ModelAtlas.Tools.MeasureClassifier;

/// <summary>One row of the reference judgements.</summary>
/// <param name="Label">Class, or null where the references do not settle it.</param>
/// <param name="IsCore">At least two references and no conflict: the rows that are scored.</param>
internal sealed record TruthRow(
    string? Label, bool IsCore, bool IsConflict, string Weights, string LicenseClass, string CodeTraining, string CodeInference, string Data, IReadOnlyList<string> Ids)
{
    public static IReadOnlyList<TruthRow> Read(string path)
    {
        var records = CsvFile.Read(path).ToList();
        var at = records[0].Select((name, index) => (name, index)).ToDictionary(column => column.name, column => column.index);
        return [.. records.Skip(1).Select(record => Row(name => record[at[name]]))];
    }

    private static TruthRow Row(Func<string, string> field)
    {
        var label = field("label3");
        var agreement = field("agreement");
        return new(
            label.Length > 0 ? label : null,
            label.Length > 0 && int.TryParse(field("n_sources"), out var sources) && sources >= 2 && agreement is "unanimous" or "majority" && label.Length > 0,
            agreement == "conflict",
            field("weights"),
            field("license_class"),
            field("code_train"),
            field("code_inference"),
            field("data"),
            [.. field("hf_ids_all").Split(';').Prepend(field("hf_id")).Select(id => id.Trim().ToLowerInvariant()).Where(id => id.Length > 0)]);
    }
}
