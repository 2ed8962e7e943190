-- The fields of a hash, in no order.
--
-- ARGV  hash
-- Returns fields

return call('HKEYS', p .. ARGV[1])
