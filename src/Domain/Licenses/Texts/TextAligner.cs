namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>
/// Finds which words of a text are which words of a known one, in order. Groups of words that occur once in both are certain anchors; between them it looks again, and small
/// remainders are compared word group by word group. The work grows with the length of the texts, not with its square.
/// </summary>
internal sealed class TextAligner
{
    private const int DeepestSearch = 24;
    private const int LargestTable = 60_000;

    private readonly int[] _known;
    private readonly int[] _input;
    private readonly List<(int Known, int Input)> _pairs = [];
    private long _cellsLeft = 4_000_000;

    private TextAligner(int[] known, int[] input) => (_known, _input) = (known, input);

    /// <summary>For each word of the known text its place in the input, or -1.</summary>
    public static int[] Align(int[] known, int[] input)
    {
        var aligner = new TextAligner(known, input);
        aligner.Match(0, known.Length, 0, input.Length, 0);
        return aligner.Words();
    }

    private void Match(int knownFrom, int knownTo, int inputFrom, int inputTo, int depth)
    {
        while (knownFrom < knownTo && inputFrom < inputTo && Same(knownFrom, inputFrom)) _pairs.Add((knownFrom++, inputFrom++));
        while (knownFrom < knownTo && inputFrom < inputTo && Same(knownTo - 1, inputTo - 1)) _pairs.Add((--knownTo, --inputTo));
        if (knownFrom == knownTo || inputFrom == inputTo || depth > DeepestSearch) return;
        var anchors = InOrder(UniqueInBoth(knownFrom, knownTo, inputFrom, inputTo));
        if (anchors.Count is 0)
        {
            CompareAll(knownFrom, knownTo, inputFrom, inputTo);
            return;
        }
        foreach (var (known, input) in anchors)
        {
            if (known < knownFrom || input < inputFrom) continue; // passed while running on from the anchor before
            Match(knownFrom, known, inputFrom, input, depth + 1);
            (knownFrom, inputFrom) = (known, input);
            while (knownFrom < knownTo && inputFrom < inputTo && Same(knownFrom, inputFrom)) _pairs.Add((knownFrom++, inputFrom++));
        }
        Match(knownFrom, knownTo, inputFrom, inputTo, depth + 1);
    }

    private bool Same(int known, int input) => _known[known] == _input[input] && _known[known] is not WordedText.NoGram;

    private List<(int Known, int Input)> UniqueInBoth(int knownFrom, int knownTo, int inputFrom, int inputTo)
    {
        const int several = -2;
        var inKnown = new Dictionary<int, int>(knownTo - knownFrom);
        for (var i = knownFrom; i < knownTo; i++)
        {
            if (_known[i] is not WordedText.NoGram) inKnown[_known[i]] = inKnown.ContainsKey(_known[i]) ? several : i;
        }
        var inInput = new Dictionary<int, int>();
        for (var i = inputFrom; i < inputTo; i++)
        {
            if (inKnown.TryGetValue(_input[i], out var at) && at is not several) inInput[_input[i]] = inInput.ContainsKey(_input[i]) ? several : i;
        }
        return [.. inInput.Where(entry => entry.Value is not several).Select(entry => (inKnown[entry.Key], entry.Value)).OrderBy(pair => pair.Item1)];
    }

    /// <summary>The longest selection that keeps both orders.</summary>
    private static List<(int Known, int Input)> InOrder(List<(int Known, int Input)> pairs)
    {
        var lastOfLength = new List<int>();
        var before = new int[pairs.Count];
        for (var i = 0; i < pairs.Count; i++)
        {
            var low = 0;
            var high = lastOfLength.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (pairs[lastOfLength[middle]].Input < pairs[i].Input) low = middle + 1;
                else high = middle;
            }
            before[i] = low > 0 ? lastOfLength[low - 1] : -1;
            if (low == lastOfLength.Count) lastOfLength.Add(i);
            else lastOfLength[low] = i;
        }
        var chosen = new List<(int, int)>();
        for (var i = lastOfLength is [.., var last] ? last : -1; i >= 0; i = before[i]) chosen.Add(pairs[i]);
        chosen.Reverse();
        return chosen;
    }

    private void CompareAll(int knownFrom, int knownTo, int inputFrom, int inputTo)
    {
        var rows = knownTo - knownFrom;
        var columns = inputTo - inputFrom;
        var cells = (long)rows * columns;
        if (cells > LargestTable || cells > _cellsLeft) return;
        _cellsLeft -= cells;
        var longest = new ushort[rows + 1, columns + 1];
        for (var row = rows - 1; row >= 0; row--)
        {
            for (var column = columns - 1; column >= 0; column--)
            {
                longest[row, column] = Same(knownFrom + row, inputFrom + column)
                    ? (ushort)(longest[row + 1, column + 1] + 1)
                    : Math.Max(longest[row + 1, column], longest[row, column + 1]);
            }
        }
        for (int row = 0, column = 0; row < rows && column < columns;)
        {
            if (Same(knownFrom + row, inputFrom + column)) _pairs.Add((knownFrom + row++, inputFrom + column++));
            else if (longest[row + 1, column] >= longest[row, column + 1]) row++;
            else column++;
        }
    }

    private int[] Words()
    {
        var words = new int[_known.Length];
        Array.Fill(words, -1);
        var lastKnown = -1;
        var lastInput = -1;
        foreach (var (known, input) in _pairs.Order())
        {
            for (var i = 0; i < WordedText.GramLength; i++)
            {
                if (known + i <= lastKnown || input + i <= lastInput) continue;
                (lastKnown, lastInput) = (known + i, input + i);
                words[lastKnown] = lastInput;
            }
        }
        return words;
    }
}
