-- Delete a part of what is too old: quarantine, then requests under a key, then replays.
--
-- ARGV  the key before which quarantine is too old, the moment up to which requests are, the moment before
--       which replays are, how many at most
-- Returns how many were deleted

local limit = ARGV[4]

local function oldest(list, upto)
  return call('ZRANGEBYSCORE', p .. list, '-inf', upto, 'LIMIT', 0, limit)
end

local keys = oldest('quarantined', '(' .. ARGV[1])
for _, key in ipairs(keys) do
  call('ZREM', p .. 'quarantined', key)
  call('HDEL', p .. 'quarantine', key)
end
if #keys > 0 then
  return #keys
end
keys = oldest('keyed', ARGV[2])
for _, key in ipairs(keys) do
  call('ZREM', p .. 'keyed', key)
  call('DEL', p .. 'keyed:' .. key)
end
if #keys > 0 then
  return #keys
end
keys = oldest('replays_finished', '(' .. ARGV[3])
for _, id in ipairs(keys) do
  call('ZREM', p .. 'replays_finished', id)
  call('ZREM', p .. 'replays_order', id)
  call('HDEL', p .. 'replays', id)
end
return #keys
