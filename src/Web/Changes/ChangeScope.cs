namespace ModelAtlas.Web.Changes;

/// <summary>Whose changes, by the numbers of the database; null where all are meant.</summary>
/// <param name="License">The one that a verdict names, or the verdict before it did.</param>
internal readonly record struct ChangeScope(int? Author = null, int? Model = null, int? License = null);
