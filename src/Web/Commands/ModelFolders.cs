namespace ModelAtlas.Web.Commands;

/// <summary>Where fetched models lie below the data folder: <c>models/owner/name</c>.</summary>
internal static class ModelFolders
{
    public static string Home(string dataFolder) => Path.Combine(dataFolder, "models");

    /// <summary>Null for what cannot be the name of a model.</summary>
    public static string? Shelved(string dataFolder, string name) =>
        name.Split('/') is [_, ..] and { Length: <= 2 } parts && parts.All(IsPart) ? Path.Combine([Home(dataFolder), .. parts]) : null;

    private static bool IsPart(string part) =>
        part.Length is > 0 and <= 96 && part[0] is not ('.' or '-') && part[^1] != '.' && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
