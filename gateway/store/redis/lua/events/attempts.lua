-- The attempts of a delivery.
--
-- ARGV  the key of the event, endpoint
-- Returns flat: number of the claim, attempt (JSON)

local found, prefix = {}, ARGV[2] .. ' '
local all = call('HGETALL', p .. 'deliveries:' .. ARGV[1])
for i = 1, #all, 2 do
  if string.sub(all[i], 1, #prefix) == prefix then
    found[#found + 1], found[#found + 2] = string.sub(all[i], #prefix + 1), all[i + 1]
  end
end
return found
