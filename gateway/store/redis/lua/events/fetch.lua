-- Events by their keys.
--
-- ARGV  keys
-- Returns the events

local found = {}
for i, key in ipairs(ARGV) do
  found[i] = call('GET', p .. 'event:' .. key)
end
return found
