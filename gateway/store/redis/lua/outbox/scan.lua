-- Messages on their way out, a part of them; whoever goes on until the cursor is 0 has seen all of them.
--
-- ARGV  the cursor, 0 at the beginning; how many to look at, about; platform
-- Returns {the next cursor, record …}

local scanned = call('HSCAN', p .. 'outgoing', ARGV[1], 'COUNT', ARGV[2])
local found = {scanned[1]}
for i = 2, #scanned[2], 2 do
  local record = scanned[2][i]
  if string.match(record, '^[^\n]*\n([^\n]*)\n') == ARGV[3] then
    found[#found + 1] = record
  end
end
return found
