namespace ModelAtlas.Bench.Catalog;

/// <summary>What was measured beside what was wanted.</summary>
internal sealed class Report
{
    private readonly List<(string What, string Target, string Measured)> _lines = [];

    public void Add(string what, string target, string measured)
    {
        _lines.Add((what, target, measured));
        Detail($"{what}: {measured}{(target.Length > 0 ? $" (target {target})" : "")}");
    }

    public static void Detail(string line) => Console.Error.WriteLine(line);

    public void Print(int rows)
    {
        Console.WriteLine($"| at {rows:N0} models | target | measured |\n| --- | --- | --- |");
        foreach (var (what, target, measured) in _lines) Console.WriteLine($"| {what} | {target} | {measured} |");
    }
}
