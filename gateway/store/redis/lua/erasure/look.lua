-- The next events that an erasure looks at, without what is in them.
--
-- ARGV  the key after which they come, the last one's, how many at most
-- Returns flat: member, conversation

local found = {}
for _, member in ipairs(call('ZRANGEBYSCORE', p .. 'events', '(' .. ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])) do
  local _, conversation = header(string.match(member, '^%d+'))
  found[#found + 1], found[#found + 2] = member, conversation or ''
end
return found
