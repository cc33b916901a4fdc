-- What the nodes were in each run, for state:modified. Runs of an unchanged project share one manifest.

CREATE TABLE manifest (
    id TEXT PRIMARY KEY,
    nodes TEXT NOT NULL
);

ALTER TABLE run ADD COLUMN manifest TEXT;

ALTER TABLE run ADD COLUMN environment TEXT;
