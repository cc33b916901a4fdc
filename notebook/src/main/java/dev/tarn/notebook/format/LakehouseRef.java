package dev.tarn.notebook.format;

import dev.tarn.core.source.SourceSpan;

/**
 * How a notebook names its default lakehouse.
 *
 * @param name empty when only the id is given
 * @param id of the lakehouse in the service, which a repository seldom knows; may be empty
 */
public record LakehouseRef(String name, String id, String workspaceId, SourceSpan span) {}
