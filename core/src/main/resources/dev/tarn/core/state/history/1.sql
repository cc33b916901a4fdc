-- What ran, for people and for run --resume. The statements mean the same to SQLite and to PostgreSQL.

CREATE TABLE run (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    started_at TEXT NOT NULL,
    duration_ms BIGINT,
    status TEXT NOT NULL,
    tarn_version TEXT NOT NULL,
    options TEXT NOT NULL,
    git_revision TEXT,
    git_dirty BOOLEAN
);

CREATE INDEX run_by_start ON run (project, started_at);

CREATE TABLE node_result (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    pipeline TEXT NOT NULL,
    node TEXT NOT NULL,
    position INTEGER NOT NULL,
    status TEXT NOT NULL,
    finished_at TEXT,
    duration_ms BIGINT,
    attempts INTEGER,
    rows_in BIGINT,
    rows_out BIGINT,
    rows_rejected BIGINT,
    reason TEXT,
    failure_code TEXT,
    failure_message TEXT,
    failure_file TEXT,
    failure_line INTEGER,
    failure_column INTEGER,
    fingerprint TEXT,
    made_by TEXT,
    PRIMARY KEY (run_id, pipeline, node)
);

CREATE INDEX node_result_by_node ON node_result (pipeline, node, finished_at);

CREATE TABLE table_version (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    pipeline TEXT NOT NULL,
    node TEXT NOT NULL,
    target TEXT NOT NULL,
    version BIGINT,
    PRIMARY KEY (run_id, pipeline, node, target)
);

CREATE TABLE check_result (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    pipeline TEXT NOT NULL,
    node TEXT NOT NULL,
    check_name TEXT NOT NULL,
    rule TEXT NOT NULL,
    status TEXT NOT NULL,
    violations BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    PRIMARY KEY (run_id, pipeline, node, check_name)
);
