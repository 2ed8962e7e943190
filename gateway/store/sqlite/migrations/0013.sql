-- Whose uploads media are, as long as the platform keeps them at least.
CREATE TABLE uploads (
    platform TEXT NOT NULL,
    media TEXT NOT NULL,
    page_id TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (platform, media)
) WITHOUT ROWID;
CREATE INDEX uploads_by_age ON uploads (until);
