-- Raw envelopes and attempts may go before their events. How far that has come is in `facts`; a delivery that
-- ends behind that point leaves its event here, to be looked at again. `kind`: 0 envelope, 1 attempts.
CREATE TABLE late_endings (
    kind INTEGER NOT NULL,
    at INTEGER NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (kind, at, event)
) WITHOUT ROWID;
