-- A number that the platform announced as given up: it stays known, and names its former owner no more.
ALTER TABLE identities ADD COLUMN former INTEGER NOT NULL DEFAULT 0;

-- The conversation that goes on where two contacts turned out to be one; NULL unless this one ended so.
ALTER TABLE conversations ADD COLUMN continued_by INTEGER;
CREATE INDEX conversations_ended ON conversations (continued_by) WHERE continued_by IS NOT NULL;

-- Everything up to `watermark_ms` has this status. Two or three rows per conversation, so none expires.
CREATE TABLE watermarks (
    conversation INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    watermark_ms INTEGER NOT NULL,
    PRIMARY KEY (conversation, rank)
) WITHOUT ROWID;
