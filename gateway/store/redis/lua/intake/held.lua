-- Which messages have arrivals that have waited for them long enough.
--
-- ARGV  now, how many at most
-- Returns fields of `held`, the one that waits the longest first

return call('ZRANGEBYSCORE', p .. 'held_until', '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
