-- Ids of events are remembered as they are on Redis, so that they can move there and back: a third shorter, too.
UPDATE seen SET id = remembered_as(id);
