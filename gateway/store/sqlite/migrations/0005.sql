-- Messages on their way out, and what became of them. `record`: what was asked for. `progress`: how far it has
-- come, JSON. `stage`: 0 waiting, 1 behind another of its line, 2 leased, 3 begun, 4 unsettled, 5 done.
-- `holds_until`: until when the next of its line waits for it; NULL as long as it is open.
CREATE TABLE outgoing (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL,
    page INTEGER NOT NULL,
    line TEXT NOT NULL,
    conversation INTEGER,
    stage INTEGER NOT NULL,
    due_at INTEGER,
    holds_until INTEGER,
    state TEXT NOT NULL,
    begun_at INTEGER,
    record BLOB NOT NULL,
    progress BLOB NOT NULL
);
CREATE INDEX outgoing_of_page ON outgoing (page, key);
CREATE INDEX outgoing_of_conversation ON outgoing (conversation, key) WHERE conversation IS NOT NULL;
CREATE INDEX outgoing_in_line ON outgoing (page, line, key) WHERE stage < 5;
CREATE INDEX outgoing_due ON outgoing (page, due_at) WHERE stage = 0;
CREATE INDEX outgoing_claimed ON outgoing (stage, due_at) WHERE stage IN (2, 3, 4);
CREATE INDEX outgoing_unread ON outgoing (conversation, begun_at) WHERE state IN ('sent', 'delivered');

-- The platform's ids of sent messages, as the hash of page and id: which of ours a status is about.
CREATE TABLE outgoing_parts (
    message INTEGER PRIMARY KEY,
    outgoing INTEGER NOT NULL,
    part INTEGER NOT NULL
);
CREATE INDEX outgoing_parts_of ON outgoing_parts (outgoing);

-- Accounts whose token the platform has refused, until something is sent from there again.
CREATE TABLE degraded (
    page INTEGER PRIMARY KEY,
    since INTEGER NOT NULL
);
