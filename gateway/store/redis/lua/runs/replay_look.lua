-- The next events that a replay looks at, and how far it has come in this shard; needs `events/described`.
--
-- ARGV  replay ("" for one that is only counted), the ZSET of its events, where it begins, its end, how many
-- Returns {position, deliveries made due, 1 if it has ended here, member of `events` …}

local state = ARGV[1] ~= '' and call('HMGET', p .. 'replay:' .. ARGV[1], 'position', 'done', 'ended') or {}
local found = {state[1] or ARGV[3], tonumber(state[2] or 0), tonumber(state[3] or 0)}
if found[3] == 0 then
  local members = call('ZRANGEBYSCORE', p .. ARGV[2], '(' .. found[1], ARGV[4], 'LIMIT', 0, ARGV[5])
  for _, member in ipairs(described(ARGV[2], members)) do
    found[#found + 1] = member
  end
end
return found
