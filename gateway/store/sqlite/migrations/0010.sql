-- What is only looked for is remembered as it is on Redis, so that it can move there and back: ids of events,
-- which are a third shorter now, and the conversations that this month and the one before have counted already.
UPDATE seen SET id = remembered_as(id);

CREATE TABLE counted_conversations (
    month TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (month, name)
) WITHOUT ROWID;
INSERT OR IGNORE INTO counted_conversations
SELECT u.month, counted_as(c.id, u.customer_id) FROM usage_conversations u
JOIN conversations c ON c.key = u.conversation;
DROP TABLE usage_conversations;
