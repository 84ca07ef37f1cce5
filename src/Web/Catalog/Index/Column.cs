namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The columns of the catalogue whose values are counted. Up to <see cref="Library"/> a model has one value of each.</summary>
internal enum Column
{
    Class,
    Basis,
    Rung,
    Gating,
    State,
    Conflict,
    License,
    Task,
    Library,
    Relation,
    Language,
    Tag,
    Author,
}
