-- A part of a sorted set.
--
-- ARGV  the ZSET; from, to (scores as ZRANGEBYSCORE takes them); how many at most
-- Returns members

return call('ZRANGEBYSCORE', p .. ARGV[1], ARGV[2], ARGV[3], 'LIMIT', 0, ARGV[4])
