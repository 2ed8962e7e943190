-- Times are Unix milliseconds. `event` is everywhere the key of an event: the milliseconds at which it
-- was taken in, times 2^20, plus a counter. So keys grow with time, what is old is a range of keys, and
-- no table needs an index over times. Finished work leaves the tables that the hot path reads.

CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- Configuration. `record` is JSON without secrets, `sealed` is the rest of it under the encryption key.

CREATE TABLE customers (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    record BLOB NOT NULL
);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    record BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE apps (
    id TEXT PRIMARY KEY,
    record BLOB NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    page_id TEXT NOT NULL,
    record BLOB NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (platform, page_id)
) WITHOUT ROWID;

-- A deleted endpoint keeps its key and its id for the finished deliveries that name it. `acknowledged`: the
-- event up to which an endpoint that pulls has what there is; NULL for others.
CREATE TABLE endpoints (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    customer INTEGER NOT NULL,
    record BLOB,
    sealed BLOB,
    acknowledged INTEGER
);

-- What was asked under an Idempotency-Key. `answer` is sealed, and NULL until there is one.
CREATE TABLE keyed_requests (
    key BLOB PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    begun_at INTEGER NOT NULL,
    answer BLOB
) WITHOUT ROWID;
CREATE INDEX keyed_requests_by_age ON keyed_requests (begun_at);

-- People.

CREATE TABLE pages (
    key INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    page_id TEXT NOT NULL,
    UNIQUE (platform, page_id)
);

CREATE TABLE contacts (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT,
    username TEXT,
    created_at INTEGER NOT NULL
);

CREATE TABLE identities (
    key INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    value TEXT NOT NULL,
    contact INTEGER NOT NULL,
    UNIQUE (platform, kind, scope, value)
);
CREATE INDEX identities_of_contact ON identities (contact);

-- With a person (`contact`) or with a group (`thread`).
CREATE TABLE conversations (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    page INTEGER NOT NULL,
    contact INTEGER,
    thread TEXT,
    started INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX conversations_of_contact ON conversations (contact, page) WHERE contact IS NOT NULL;
CREATE UNIQUE INDEX conversations_of_group ON conversations (page, thread) WHERE thread IS NOT NULL;

-- Where each event stands in its conversation, and how the conversation stood then: its last row is its
-- present state, and is never pruned. `message` is a hash of the message that the event makes known.
CREATE TABLE places (
    conversation INTEGER NOT NULL,
    event INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    last_inbound_at INTEGER,
    message INTEGER,
    PRIMARY KEY (conversation, event)
) WITHOUT ROWID;

-- Events.

-- Ids taken in, by period of four days: random keys stay in a small part of the tree, and a period that
-- is too old goes as one range. `event` is NULL while an event is held, and for a dropped standby copy.
CREATE TABLE seen (
    period INTEGER NOT NULL,
    id TEXT NOT NULL,
    event INTEGER,
    PRIMARY KEY (period, id)
) WITHOUT ROWID;

-- `customers`: their ids with a space between. `envelope`: the platform's bytes, with the element in it.
CREATE TABLE events (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    page INTEGER NOT NULL,
    conversation INTEGER,
    received_at INTEGER NOT NULL,
    customers TEXT NOT NULL,
    body BLOB NOT NULL,
    envelope BLOB,
    element_start INTEGER,
    element_end INTEGER
);

-- What each customer may see, with what lists are filtered by; customer 0 has what nobody owns.
CREATE TABLE listings (
    customer INTEGER NOT NULL,
    event INTEGER NOT NULL,
    name TEXT NOT NULL,
    page INTEGER NOT NULL,
    PRIMARY KEY (customer, event)
) WITHOUT ROWID;

CREATE TABLE held (
    key INTEGER PRIMARY KEY,
    page INTEGER NOT NULL,
    message INTEGER NOT NULL,
    release_at INTEGER NOT NULL,
    arrival BLOB NOT NULL
);

-- The highest status that each message has had.
CREATE TABLE status_ranks (
    period INTEGER NOT NULL,
    message INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    PRIMARY KEY (period, message)
) WITHOUT ROWID;

CREATE TABLE quarantine (
    key INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    pointer TEXT NOT NULL,
    body BLOB NOT NULL
);

-- Deliveries. `line`: the conversation whose earlier deliveries must be finished first; NULL for those
-- that wait for nobody. `stage`: 0 untried and due, 1 tried and due again, 2 leased, 3 behind another in
-- its line. `due_at` is the end of the lease on stage 2, and NULL on stage 3.
CREATE TABLE open_deliveries (
    event INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,
    line INTEGER,
    stage INTEGER NOT NULL,
    due_at INTEGER,
    claim INTEGER NOT NULL,
    tried INTEGER NOT NULL,
    first_failed_at INTEGER,
    replay INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (event, endpoint)
) WITHOUT ROWID;
CREATE INDEX open_deliveries_in_line ON open_deliveries (endpoint, line, event) WHERE line IS NOT NULL;
CREATE INDEX open_deliveries_due ON open_deliveries (endpoint, stage, due_at);

CREATE TABLE finished_deliveries (
    event INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,
    state TEXT NOT NULL,
    claim INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    PRIMARY KEY (event, endpoint)
) WITHOUT ROWID;
CREATE INDEX finished_deliveries_of_endpoint ON finished_deliveries (endpoint, event);

-- A claim makes at most one attempt, so its number tells attempts apart and in which order they were.
CREATE TABLE attempts (
    event INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    at INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    error TEXT,
    status INTEGER,
    detail TEXT,
    response TEXT NOT NULL,
    PRIMARY KEY (event, endpoint, claim)
) WITHOUT ROWID;

-- Replays under way and finished. `position`: the last event that was looked at; `record`: what was asked.
CREATE TABLE replays (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL,
    state TEXT NOT NULL,
    position INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    done INTEGER NOT NULL,
    finished_at INTEGER,
    record BLOB NOT NULL
);
CREATE INDEX replays_due ON replays (due_at) WHERE state = 'running';
