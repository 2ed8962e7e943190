-- The last event of each of some conversations.
--
-- ARGV  conversations
-- Returns an event each, or "" where none is kept

local found = {}
for i, conversation in ipairs(ARGV) do
  local member = call('ZREVRANGE', p .. 'conversation:' .. conversation, 0, 0)[1]
  found[i] = member and call('GET', p .. 'event:' .. string.match(member, '^%d+')) or ''
end
return found
