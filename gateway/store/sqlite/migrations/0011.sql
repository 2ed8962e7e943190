-- Whether people of other names have the same picture: such a one tells nobody from anybody.
CREATE INDEX profiles_by_picture ON profiles (picture, name) WHERE picture IS NOT NULL;

-- Events whose content goes when they have been delivered. `gone`: it has.
CREATE TABLE emptying (
    event INTEGER PRIMARY KEY,
    gone INTEGER NOT NULL
);
CREATE INDEX emptying_waiting ON emptying (event) WHERE gone = 0;

-- The key of the last event of the customer that was put there.
ALTER TABLE customers ADD COLUMN emptying_from INTEGER NOT NULL DEFAULT 0;
