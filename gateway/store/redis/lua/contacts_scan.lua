-- Some contacts, in no order; each at least once by the time that the cursor is "0" again.
--
-- ARGV  cursor ("0" at first), about how many
-- Returns {cursor, flat: key, record}

return call('HSCAN', p .. 'contacts', ARGV[1], 'COUNT', ARGV[2])
