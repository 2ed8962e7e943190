-- Delete some of what could not be read. Safe to repeat.
--
-- ARGV  keys

for _, key in ipairs(ARGV) do
  call('ZREM', p .. 'quarantined', key)
  call('HDEL', p .. 'quarantine', key)
end
