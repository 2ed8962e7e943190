-- A part of the list of runs.
--
-- ARGV  "replays" or "renormalisations"; from, to (scores as ZRANGEBYSCORE takes them), "asc" or "desc", how
--       many at most
-- Returns flat: number, record (JSON)

local runs = p .. ARGV[1]
local order = ARGV[4] == 'asc' and 'ZRANGEBYSCORE' or 'ZREVRANGEBYSCORE'
local found = {}
for _, id in ipairs(call(order, runs .. '_order', ARGV[2], ARGV[3], 'LIMIT', 0, ARGV[5])) do
  found[#found + 1] = call('ZSCORE', runs .. '_order', id)
  found[#found + 1] = call('HGET', runs, id)
end
return found
