namespace ModelAtlas.Testing;

/// <summary>For comparing two catalogues.</summary>
public static class CatalogContent
{
    /// <summary>All that a catalogue says of models that did not come with the program, in one text, without numbers, dates and names that tell when, in which order and by what way it was written.</summary>
    public const string Query =
        """
        SELECT string_agg(concat_ws('|', repo_id, hub_id, author.name, task.name, library.name, license.key, class, basis, rung, conflict, gating, state, created_at, modified_at, parameters,
            observation_hash, verdict_hash, gift_hash, downloads, likes, trending, convert_from(json, 'UTF8'),
            (SELECT string_agg(name, ',' ORDER BY name) FROM term WHERE term.id = ANY(tag_ids || language_ids)),
            (SELECT string_agg(base_repo_id || relation, ',' ORDER BY base_repo_id) FROM model_base WHERE model_id = model.id),
            (SELECT string_agg(rule_version, ',') FROM verdict WHERE model_id = model.id)), E'\n' ORDER BY repo_id)
        FROM model JOIN term author ON author.id = author_id LEFT JOIN term task ON task.id = task_id LEFT JOIN term library ON library.id = library_id LEFT JOIN license ON license.id = license_id
            JOIN model_counters ON model_counters.model_id = model.id JOIN model_facts ON model_facts.model_id = model.id
        WHERE model.source <> 'bundled'
        """;
}
