-- Remove events of a person and move the erasure on, unless another process has done so; needs `events/remove`.
--
-- ARGV  erasure, its state as it was, its state from now on, flat: key, bucket and field of the event's id
-- What is left of each is its id, so that it is known when it comes again.

local erasure, before, after = ARGV[1], ARGV[2], ARGV[3]
if call('HGET', p .. 'erasures', erasure) ~= before then
  return
end
local periods = call('ZRANGE', p .. 'periods', 0, -1)

local function entomb(key, bucket, field)
  for _, period in ipairs(periods) do
    local name = p .. 'seen:' .. period .. ':' .. bucket
    if call('HGET', name, field) == key then
      call('HSET', name, field, '')
    end
  end
end

for i = 4, #ARGV, 3 do
  remove(ARGV[i])
  entomb(ARGV[i], ARGV[i + 1], ARGV[i + 2])
end
call('HSET', p .. 'erasures', erasure, after)
release_lines()
refresh()
