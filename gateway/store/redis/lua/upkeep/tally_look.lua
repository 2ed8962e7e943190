-- The next events that usage is counted of. Nothing changes yet.
--
-- ARGV  how many at most
-- Returns {the key after which they come, how many they are, the key of the last one,
--          flat of the messages among them: member, customers, conversation, event or "" ...}
-- An event comes with what is in it where only that tells whether it counts.

local position = call('GET', p .. 'tallied') or '0'
local members = call('ZRANGEBYSCORE', p .. 'events', '(' .. position, '+inf', 'LIMIT', 0, ARGV[1])
local found = {position, #members, position}
for _, member in ipairs(members) do
  local key, name = string.match(member, '^(%d+) (%S+)')
  found[3] = key
  if name == 'message.received' or name == 'message.sent' or name == 'message.echo' then
    local customers, conversation = header(key)
    if customers and customers ~= '' then
      local event = name == 'message.echo' and call('GET', p .. 'event:' .. key) or ''
      local last = #found
      found[last + 1], found[last + 2], found[last + 3], found[last + 4] = member, customers, conversation, event
    end
  end
end
return found
