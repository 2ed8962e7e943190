-- What a month has counted.
--
-- ARGV  month
-- Returns hashes, in no order

return call('SMEMBERS', p .. 'counted:' .. ARGV[1])
