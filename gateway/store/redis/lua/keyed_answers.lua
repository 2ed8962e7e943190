-- Requests with an answer, a part of them.
--
-- ARGV  where to begin, how many to look at
-- Returns {how many were looked at, key, answer, …}

local keys = call('ZRANGE', p .. 'keyed', ARGV[1], ARGV[1] + ARGV[2] - 1)
local found = {#keys}
for _, key in ipairs(keys) do
  local answer = call('HGET', p .. 'keyed:' .. key, 'answer')
  if answer then
    found[#found + 1], found[#found + 2] = key, answer
  end
end
return found
