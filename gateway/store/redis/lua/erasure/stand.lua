-- How far an erasure has come here, and what it has taken.
--
-- ARGV  erasure
-- Returns {its state or false, its note or false}

return {call('HGET', p .. 'erasures', ARGV[1]), call('HGET', p .. 'traces', ARGV[1])}
