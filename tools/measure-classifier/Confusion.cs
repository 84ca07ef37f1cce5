using System.Globalization;

namespace ModelAtlas.Tools.MeasureClassifier;

/// <summary>How often each answer met each truth.</summary>
internal sealed class Confusion
{
    private readonly Dictionary<(string Truth, string Answer), int> _counts = [];

    public int Total { get; private set; }

    public int Right { get; private set; }

    public double Accuracy => Total == 0 ? 0 : (double)Right / Total;

    /// <summary>Cohen's kappa: agreement beyond what the frequencies alone would give.</summary>
    public double Kappa
    {
        get
        {
            var chance = _counts.Keys.Select(key => key.Truth).Distinct().Sum(word => (double)Count(key => key.Truth == word) * Count(key => key.Answer == word)) / ((double)Total * Total);
            return chance >= 1 ? 1 : (Accuracy - chance) / (1 - chance);
        }
    }

    public void Add(string truth, string answer)
    {
        _counts[(truth, answer)] = _counts.GetValueOrDefault((truth, answer)) + 1;
        Total++;
        if (truth == answer) Right++;
    }

    public int Count(Func<(string Truth, string Answer), bool> which) => _counts.Where(count => which(count.Key)).Sum(count => count.Value);

    public void Print(TextWriter output, string title)
    {
        var answers = _counts.Keys.Select(key => key.Answer).Distinct().Order(StringComparer.Ordinal).ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {Right} of {Total} = {Accuracy:0.000}, kappa {Kappa:0.00}"));
        output.WriteLine($"  {"truth \\ answer",-22}{string.Concat(answers.Select(answer => $"{answer,20}"))}");
        foreach (var truth in _counts.Keys.Select(key => key.Truth).Distinct().Order(StringComparer.Ordinal))
            output.WriteLine($"  {truth,-22}{string.Concat(answers.Select(answer => $"{Count(key => key == (truth, answer)),20}"))}");
    }
}
