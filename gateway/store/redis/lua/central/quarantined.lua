-- A part of what could not be read.
--
-- ARGV  from, to (scores as ZRANGEBYSCORE takes them), "asc" or "desc", how many at most
-- Returns flat: key, item

local order = ARGV[3] == 'asc' and 'ZRANGEBYSCORE' or 'ZREVRANGEBYSCORE'
local found = {}
for _, key in ipairs(call(order, p .. 'quarantined', ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[4])) do
  found[#found + 1], found[#found + 2] = key, call('HGET', p .. 'quarantine', key)
end
return found
