-- The next events that a customer may see.
--
-- ARGV  customer, the key behind which to begin, how many at most
-- Returns members

return call('ZRANGEBYSCORE', p .. 'customer:' .. ARGV[1], '(' .. ARGV[2], '+inf', 'LIMIT', 0, ARGV[3])
