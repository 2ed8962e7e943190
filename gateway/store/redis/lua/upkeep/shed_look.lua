-- Hand out the next events whose elements are too old; needs `upkeep/shed`. Nothing changes yet.
--
-- ARGV  the key before which they are too old, how many at most
-- Returns {how far the sweep comes with them or "" if they were noted, how many are looked at, key, event, …}

local keys = next_of('elements', ARGV[1], ARGV[2])
local reached = keys[#keys] or ''
if #keys == 0 then
  keys = call('ZRANGE', p .. 'late_elements', 0, ARGV[2] - 1)
end
local found = {reached, #keys}
for _, key in ipairs(keys) do
  local _, _, _, marks = header(key)
  if marks and not string.find(marks, 'x', 1, true) and not has_open(key) then
    found[#found + 1], found[#found + 2] = key, call('GET', p .. 'event:' .. key)
  elseif reached == '' then
    -- Open again: its end notes it again.
    call('ZREM', p .. 'late_elements', key)
  end
end
return found
