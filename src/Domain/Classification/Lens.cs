namespace ModelAtlas.Domain.Classification;

/// <summary>Whose definition of open is asked. All read the same evidence.</summary>
public enum Lens
{
    /// <summary>Rule R: no limits on who may use the model, training data at least described, any code.</summary>
    Default,

    /// <summary>Open licence, open training code, open data.</summary>
    Strict,

    /// <summary>The necessary conditions of the Open Source AI Definition 1.0. Whether data information suffices is left to a person.</summary>
    Osaid,

    /// <summary>Class III of the Model Openness Framework, as far as a repository shows it.</summary>
    Mof,

    /// <summary>May be downloaded and used by anybody.</summary>
    Lenient,
}

public static class Lenses
{
    public static IReadOnlyList<Lens> All { get; } = Enum.GetValues<Lens>();

    /// <summary>The word used in URLs, commands and stored verdicts.</summary>
    public static string Word(Lens lens) => lens switch
    {
        Lens.Default => "default",
        Lens.Strict => "strict",
        Lens.Osaid => "osaid",
        Lens.Mof => "mof",
        Lens.Lenient => "lenient",
        _ => throw new ArgumentOutOfRangeException(nameof(lens), lens, "is not a lens"),
    };

    public static Lens? Find(string word) => All.Where(lens => Word(lens) == word).Select(lens => (Lens?)lens).FirstOrDefault();
}
