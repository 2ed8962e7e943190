-- Note the next events of a customer whose contents go early. Safe to repeat.
--
-- ARGV  customer, how many at most
-- Returns how many they were

local begin = call('HGET', p .. 'emptying_from', ARGV[1]) or '0'
local members = call('ZRANGEBYSCORE', p .. 'customer:' .. ARGV[1], '(' .. begin, '+inf', 'LIMIT', 0, ARGV[2])
for i, member in ipairs(members) do
  local key = string.match(member, '^%d+')
  call('ZADD', p .. 'emptying', key, key)
  if i == #members then
    call('HSET', p .. 'emptying_from', ARGV[1], key)
  end
end
return #members
