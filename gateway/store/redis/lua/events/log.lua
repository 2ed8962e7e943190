-- The next events that a customer may see; needs `events/described`.
--
-- ARGV  customer, the key behind which to begin, how many at most
-- Returns members of `events`

local list = 'customer:' .. ARGV[1]
return described(list, call('ZRANGEBYSCORE', p .. list, '(' .. ARGV[2], '+inf', 'LIMIT', 0, ARGV[3]))
