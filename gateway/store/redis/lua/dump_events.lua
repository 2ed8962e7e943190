-- Events with all that hangs on them.
--
-- ARGV  keys of events
-- Returns flat: event, {endpoint, delivery, "<endpoint> <claim>", attempt …}

local found = {}
for _, key in ipairs(ARGV) do
  found[#found + 1] = call('GET', p .. 'event:' .. key)
  found[#found + 1] = call('HGETALL', p .. 'deliveries:' .. key)
end
return found
