-- The format of a delivery is its endpoint's when it was made: no attempt looks different from the first.
-- `format` is NULL for the usual one, `native`.
ALTER TABLE open_deliveries ADD COLUMN format TEXT;
ALTER TABLE open_deliveries ADD COLUMN include_raw INTEGER NOT NULL DEFAULT 0;
UPDATE open_deliveries SET
    format = (
        SELECT nullif(json_extract(CAST(record AS TEXT), '$.format'), 'native')
        FROM endpoints WHERE key = open_deliveries.endpoint
    ),
    include_raw = coalesce((
        SELECT json_extract(CAST(record AS TEXT), '$.include_raw')
        FROM endpoints WHERE key = open_deliveries.endpoint
    ), 0);

-- How often the event got another content after its first; and what it was replaced by, with spaces between.
ALTER TABLE events ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE events ADD COLUMN superseded_by TEXT;

-- Elements being read again. `position`: how far it has come; `record`: what was asked.
CREATE TABLE renormalisations (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    customer_id TEXT,
    state TEXT NOT NULL,
    position TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    examined INTEGER NOT NULL DEFAULT 0,
    revised INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL DEFAULT 0,
    finished_at INTEGER,
    record BLOB NOT NULL
);
CREATE INDEX renormalisations_due ON renormalisations (due_at) WHERE state = 'running';
