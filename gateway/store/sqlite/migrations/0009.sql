-- Whether an account is degraded stands in its own record, and nowhere else.
DROP TABLE degraded;

-- Pages whose history follows them to another customer. `position`: the last event of the former owner's that
-- was looked at.
CREATE TABLE moves (
    key INTEGER PRIMARY KEY,
    page INTEGER NOT NULL,
    former TEXT NOT NULL,
    owner TEXT NOT NULL,
    position INTEGER NOT NULL
);
CREATE INDEX outgoing_of_customer ON outgoing (page, customer_id);
