-- The events on both sides of a key.
--
-- ARGV  the key, as ZRANGEBYSCORE takes it for the end of what is before, and for the beginning of what is behind
-- Returns {member or "" for the last one before, member or "" for the first one behind}

local before = call('ZREVRANGEBYSCORE', p .. 'events', ARGV[1], '-inf', 'LIMIT', 0, 1)[1]
local behind = call('ZRANGEBYSCORE', p .. 'events', ARGV[2], '+inf', 'LIMIT', 0, 1)[1]
return {before or '', behind or ''}
