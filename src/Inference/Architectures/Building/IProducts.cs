using ModelAtlas.Inference.Architectures.Describing;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>How the graph keeps its matrices and multiplies with them.</summary>
internal interface IProducts
{
    /// <summary>x W' + b.</summary>
    string Multiply(string input, LinearDescription linear);

    /// <summary>The same with the large matrix of the vocabulary.</summary>
    string Head(string input, LinearDescription linear);

    /// <summary>Rows of a table by number.</summary>
    string Look(string numbers, WeightSource table);

    /// <summary>What the experts give that each token takes.</summary>
    /// <param name="scores">One for each token and expert; the softmax of the best weighs them.</param>
    string Experts(string input, string scores, ExpertsDescription experts);
}
