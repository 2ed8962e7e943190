-- The score of a member of a sorted set by its rank.
--
-- ARGV  ZSET, rank from 0 on
-- Returns the score; 0 where there is no such member

local rank = tonumber(ARGV[2])
return rank >= 0 and call('ZRANGE', p .. ARGV[1], rank, rank, 'WITHSCORES')[2] or '0'
