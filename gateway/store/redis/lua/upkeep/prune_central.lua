-- Delete a part of what is too old: quarantine, then requests under a key, then replays and re-normalisations.
--
-- ARGV  the key before which quarantine is too old, the moment up to which requests are, the moment before
--       which replays and re-normalisations are, how many at most
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
local gone = 0
for _, runs in ipairs({'replays', 'renormalisations'}) do
  for _, id in ipairs(oldest(runs .. '_finished', '(' .. ARGV[3])) do
    call('ZREM', p .. runs .. '_finished', id)
    call('ZREM', p .. runs .. '_order', id)
    call('HDEL', p .. runs, id)
    gone = gone + 1
  end
end
return gone
