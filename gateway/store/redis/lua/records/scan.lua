-- Some records of a kind, in no order; each at least once by the time that the cursor is "0" again.
--
-- ARGV  hash, cursor ("0" at first), about how many
-- Returns {cursor, flat: field, record}

return call('HSCAN', p .. ARGV[1], ARGV[2], 'COUNT', ARGV[3])
