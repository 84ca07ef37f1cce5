namespace ModelAtlas.Web.Status;

public enum StatusMark
{
    Well,
    NotWell,
    NotKnown,
}

/// <summary>How one part of the site is, in a sentence for whoever reads its pages: nothing that only its owner may know.</summary>
public sealed record StatusLine(string What, StatusMark Mark, string Words)
{
    public string Word => Mark switch { StatusMark.Well => "well", StatusMark.NotWell => "not well", _ => "not known" };

    public static StatusLine Of(string what, bool isWell, string words) => new(what, isWell ? StatusMark.Well : StatusMark.NotWell, words);
}
