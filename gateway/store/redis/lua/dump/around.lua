-- The events of a list on both sides of a key.
--
-- ARGV  "events" or another list; the key, as ZRANGEBYSCORE takes it for the end of what is before, and for the beginning of what is behind
-- Returns {member or "" for the last one before, member or "" for the first one behind}

local before = call('ZREVRANGEBYSCORE', p .. ARGV[1], ARGV[2], '-inf', 'LIMIT', 0, 1)[1]
local behind = call('ZRANGEBYSCORE', p .. ARGV[1], ARGV[3], '+inf', 'LIMIT', 0, 1)[1]
return {before or '', behind or ''}
