using System.Globalization;

namespace ModelAtlas.Tools.BuiltInModel.Text;

/// <summary>One block of a question file: what may be asked, and what is answered.</summary>
/// <param name="Lines">Patterns by the sign that they begin with.</param>
internal sealed record QuestionBlock(string Name, double Weight, ILookup<char, string> Lines)
{
    public string Any(char sign, Random random) => Lines[sign].ElementAt(random.Next(Lines[sign].Count()));

    /// <summary>Blocks of lines between empty lines: a name and a weight, then patterns.</summary>
    public static IReadOnlyList<QuestionBlock> Read(string file) =>
    [
        .. File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Text", file)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !line.StartsWith('#')).ToList())
            .Where(lines => lines.Count > 0)
            .Select(lines => new QuestionBlock(lines[0].Split(' ')[0], double.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), lines.Skip(1).ToLookup(line => line[0], line => line[2..]))),
    ];
}
