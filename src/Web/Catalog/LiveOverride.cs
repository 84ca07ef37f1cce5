namespace ModelAtlas.Web.Catalog;

/// <summary>An override that holds, as the catalogue reads it out of the schema of the review, whose context is another.</summary>
internal sealed record LiveOverride(int ModelId, short? Class, string? LicenseKey, string Reason, DateTime ExpiresAt)
{
    /// <summary>
    /// Whether a row of <c>review.override</c> is of a row of <c>model</c>: by the hub's identity, which survives a rename and which nobody else who takes the name has.
    /// Where that was not known yet, the name decides, the present one or one that led here since.
    /// </summary>
    public const string IsOfModel =
        """
        (model.hub_id = override.hub_id
        OR (model.repo_id = override.repo_id AND (model.hub_id IS NULL OR override.hub_id IS NULL))
        OR model.id = CASE WHEN override.hub_id IS NULL THEN (SELECT led.model_id FROM model_alias led WHERE led.alias = override.repo_id) END)
        """;

    public const string Holds = "override.ended_at IS NULL AND override.expires_at > now()";
}
