-- Events with all that hangs on them.
--
-- ARGV  keys of events
-- Returns flat: event, {endpoint, delivery, "<endpoint> <claim>", attempt …}, 1 if its content goes early

local found = {}
for _, key in ipairs(ARGV) do
  found[#found + 1] = call('GET', p .. 'event:' .. key)
  found[#found + 1] = call('HGETALL', p .. 'deliveries:' .. key)
  found[#found + 1] = call('ZSCORE', p .. 'emptying', key) and 1 or 0
end
return found
