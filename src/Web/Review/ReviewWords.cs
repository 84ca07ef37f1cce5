namespace ModelAtlas.Web.Review;

/// <summary>The words of disputes on pages and in forms.</summary>
internal static class ReviewWords
{
    public static readonly IReadOnlyList<(DisputeSubject Subject, string Id, string Label)> Subjects =
    [
        (DisputeSubject.Class, "class", "The class is wrong"), (DisputeSubject.License, "license", "The licence is wrong"),
        (DisputeSubject.Evidence, "evidence", "Evidence is missing or misread"), (DisputeSubject.Other, "other", "Something else"),
    ];

    public static string Label(this DisputeSubject subject) => Subjects.First(known => known.Subject == subject).Label;

    public static DisputeSubject? Find(string? id) => Subjects.Where(known => known.Id == id).Select(known => (DisputeSubject?)known.Subject).FirstOrDefault();

    public static string Label(this DisputeState state) => state switch { DisputeState.Open => "open", DisputeState.Accepted => "accepted", _ => "refused" };
}
