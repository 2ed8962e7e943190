-- Hand out the next events that have been lying for a while. Each is handed out once: one that is not
-- compressed because its process died only takes more room.
--
-- ARGV  the key before which they lie long enough, how many at most
-- Returns flat: key, event

local position = call('GET', p .. 'pressed') or '0'
local members = call('ZRANGEBYSCORE', p .. 'events', '(' .. position, '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
local found = {}
for _, member in ipairs(members) do
  position = string.match(member, '^%d+')
  local event = call('GET', p .. 'event:' .. position)
  if event then
    found[#found + 1], found[#found + 2] = position, event
  end
end
call('SET', p .. 'pressed', position)
return found
