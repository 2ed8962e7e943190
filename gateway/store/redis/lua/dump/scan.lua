-- A part of the keys of the whole server, in no order; one may come twice.
--
-- ARGV  where to go on ("0" at first), how the keys begin behind the prefix, how many to look at
-- Returns {where to go on or "0", key without the prefix …}

local answer = call('SCAN', ARGV[1], 'MATCH', p .. ARGV[2] .. '*', 'COUNT', ARGV[3])
local found = {answer[1]}
for i, key in ipairs(answer[2]) do
  found[i + 1] = string.sub(key, #p + 1)
end
return found
