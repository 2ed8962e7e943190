-- Several contacts may have one `asid` or `phone`: then `holder` is the contact, and else 0.
CREATE TABLE identities_anew (
    key INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    value TEXT NOT NULL,
    contact INTEGER NOT NULL,
    former INTEGER NOT NULL DEFAULT 0,
    holder INTEGER NOT NULL DEFAULT 0,
    UNIQUE (platform, kind, scope, value, holder)
);
INSERT INTO identities_anew
    SELECT key, platform, kind, scope, value, contact, former,
        CASE WHEN kind IN ('asid', 'phone') THEN contact ELSE 0 END
    FROM identities;
DROP TABLE identities;
ALTER TABLE identities_anew RENAME TO identities;
CREATE INDEX identities_of_contact ON identities (contact);
CREATE INDEX identities_by_value ON identities (value);

-- Keyed hashes of the identities of erased people, by the period of their erasure.
CREATE TABLE departed (
    period INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (period, digest)
) WITHOUT ROWID;
