-- A part of the list of replays.
--
-- ARGV  from, to (scores as ZRANGEBYSCORE takes them), "asc" or "desc", how many at most
-- Returns flat: number, record (JSON)

local order = ARGV[3] == 'asc' and 'ZRANGEBYSCORE' or 'ZREVRANGEBYSCORE'
local found = {}
for _, id in ipairs(call(order, p .. 'replays_order', ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[4])) do
  found[#found + 1] = call('ZSCORE', p .. 'replays_order', id)
  found[#found + 1] = call('HGET', p .. 'replays', id)
end
return found
