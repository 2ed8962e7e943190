-- What was counted of a month.
--
-- ARGV  month
-- Returns flat: field, how many

return call('HGETALL', p .. 'usage:' .. ARGV[1])
