namespace ModelAtlas.Inference.Kernels;

/// <summary>Tables by which pairs of numbers of a head are turned, a row for each position; none where nothing is turned.</summary>
/// <param name="half">Pairs that are turned; what is beyond them stays.</param>
/// <param name="neighbours">Whether pairs are neighbours, or the second of each lies <paramref name="half"/> behind the first.</param>
internal readonly unsafe struct Rotation(float* cos, float* sin, int positions, int half, bool neighbours)
{
    public int Positions => positions;

    public void Turn(float* from, float* into, int size, int position)
    {
        var cosines = cos + ((long)position * half);
        var sines = sin + ((long)position * half);
        for (var at = 0; at < half; at++)
        {
            var (one, other) = neighbours ? (2 * at, (2 * at) + 1) : (at, half + at);
            var (first, second) = (from[one], from[other]);
            into[one] = (first * cosines[at]) - (second * sines[at]);
            into[other] = (second * cosines[at]) + (first * sines[at]);
        }
        new Span<float>(from + (2 * half), size - (2 * half)).CopyTo(new(into + (2 * half), size - (2 * half)));
    }
}
