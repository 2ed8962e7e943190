-- What accounts were used for, by month of UTC; customers and pages by the ids that never go.
CREATE TABLE usage (
    month TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    page INTEGER NOT NULL,
    received INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    conversations INTEGER NOT NULL,
    PRIMARY KEY (month, customer_id, page)
) WITHOUT ROWID;

-- The conversations that this month and the one before have counted already.
CREATE TABLE usage_conversations (
    month TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    PRIMARY KEY (month, customer_id, conversation)
) WITHOUT ROWID;
