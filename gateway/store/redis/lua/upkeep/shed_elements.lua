-- Put events without their elements in the place of what they were, and move the sweep; needs `upkeep/shed`.
--
-- ARGV  how far the sweep has come or "", flat: key, the head it had, the event

local function same_head(key, head)
  return call('GETRANGE', p .. 'event:' .. key, 0, #head - 1) == head
end

if ARGV[1] ~= '' then
  local position = tonumber(call('GET', p .. 'swept_elements') or 0)
  call('SET', p .. 'swept_elements', text(math.max(position, tonumber(ARGV[1]))))
end
for i = 2, #ARGV, 3 do
  local key = ARGV[i]
  call('ZREM', p .. 'late_elements', key)
  if not has_open(key) and same_head(key, ARGV[i + 1]) then
    call('SET', p .. 'event:' .. key, ARGV[i + 2])
  elseif call('EXISTS', p .. 'event:' .. key) == 1 then
    call('ZADD', p .. 'late_elements', key, key)
  end
end
