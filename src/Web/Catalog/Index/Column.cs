namespace ModelAtlas.Web.Catalog.Index;

/// <summary>The columns of the catalogue whose values are counted. Up to <see cref="Context"/> a model has one value of each.</summary>
internal enum Column
{
    Class,
    Basis,
    Rung,
    Gating,
    State,
    Conflict,
    Weights,
    Code,
    Data,
    License,
    Task,
    Library,
    Context,
    Relation,
    Language,
    Tag,
    Author,
}
