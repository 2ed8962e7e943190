-- Whatever a person is known by finds them, whoever asks and in whatever scope.
CREATE INDEX identities_by_value ON identities (value);

-- The contact that goes on where two turned out to be one: the id of this one still leads there.
ALTER TABLE contacts ADD COLUMN merged_into INTEGER;
CREATE INDEX contacts_merged ON contacts (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX conversations_of_page ON conversations (page, contact) WHERE contact IS NOT NULL;

-- People that a page knows from group chats, which are nobody's own conversation.
CREATE TABLE encounters (
    contact INTEGER NOT NULL,
    page INTEGER NOT NULL,
    PRIMARY KEY (contact, page)
) WITHOUT ROWID;

-- Identities that cannot be written to any more: the person opted out, or a send said so.
CREATE TABLE stale_identities (
    platform TEXT NOT NULL,
    scope TEXT NOT NULL,
    identity INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (platform, scope, identity)
) WITHOUT ROWID;

-- What a person agreed to, or no longer does, towards one page. `topic` is empty where all of it is meant.
CREATE TABLE consents (
    contact INTEGER NOT NULL,
    page INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state TEXT NOT NULL,
    source TEXT NOT NULL,
    at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (contact, page, topic)
) WITHOUT ROWID;

-- What the platform told of a person, or that it tells nothing. `picture`: what stays of a picture's URL.
CREATE TABLE profiles (
    identity INTEGER PRIMARY KEY,
    fetched_at INTEGER NOT NULL,
    fresh_until INTEGER NOT NULL,
    name TEXT,
    picture TEXT,
    record BLOB NOT NULL
);

-- Pairs that a customer has said are two people. The smaller key first.
CREATE TABLE distinct_contacts (
    one INTEGER NOT NULL,
    other INTEGER NOT NULL,
    PRIMARY KEY (one, other)
) WITHOUT ROWID;
CREATE INDEX distinct_contacts_other ON distinct_contacts (other);

-- Erasures under way and done. `plan`: whom, and where to look; it names the person, and goes at the end.
-- `stage`: how far it is, `position` within that.
CREATE TABLE erasures (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    finished_at INTEGER,
    stage INTEGER NOT NULL DEFAULT 0,
    position INTEGER NOT NULL DEFAULT 0,
    erased INTEGER NOT NULL DEFAULT 0,
    plan BLOB
);
CREATE INDEX erasures_open ON erasures (state, key) WHERE state <> 'done';

-- Conversation ids that are not given again: hashes, so that nothing of the person stays.
CREATE TABLE erased_conversations (
    digest BLOB PRIMARY KEY
) WITHOUT ROWID;
