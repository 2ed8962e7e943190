-- What an attempt sent and was answered, as JSON objects of headers; NULL: nothing, or from before.
ALTER TABLE attempts ADD COLUMN request_headers TEXT;
ALTER TABLE attempts ADD COLUMN response_headers TEXT;
