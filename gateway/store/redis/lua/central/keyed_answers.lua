-- Requests with an answer, a part of them; whoever goes on until the cursor is 0 has seen all of them.
--
-- ARGV  the cursor, 0 at the beginning; how many to look at, about
-- Returns {the next cursor, key, answer, …}

local scanned = call('ZSCAN', p .. 'keyed', ARGV[1], 'COUNT', ARGV[2])
local found = {scanned[1]}
for i = 1, #scanned[2], 2 do
  local key = scanned[2][i]
  local answer = call('HGET', p .. 'keyed:' .. key, 'answer')
  if answer then
    found[#found + 1], found[#found + 2] = key, answer
  end
end
return found
