-- The members of a sorted set with the lowest scores.
--
-- ARGV  the sorted set, how many
-- Returns flat: member, score

return call('ZRANGE', p .. ARGV[1], 0, ARGV[2] - 1, 'WITHSCORES')
