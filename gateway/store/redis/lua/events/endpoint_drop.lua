-- Take an endpoint out of a shard, and a part of its open deliveries with it. Safe to repeat; needs `events/ended`.
--
-- ARGV  endpoint, the key of the event behind which to go on, how many to look at
-- Returns the key up to which it came, or "" at the end

local endpoint, step = ARGV[1], tonumber(ARGV[3])
call('HDEL', p .. 'endpoints', endpoint)
call('HDEL', p .. 'acknowledged', endpoint)
local keys = call('ZRANGEBYSCORE', p .. 'of:' .. endpoint, '(' .. ARGV[2], '+inf', 'LIMIT', 0, step)
for _, key in ipairs(keys) do
  local delivery = load(key, endpoint)
  if not delivery or delivery[STAGE] <= BEHIND then
    call('ZREM', p .. 'of:' .. endpoint, key)
    call('HDEL', p .. 'deliveries:' .. key, endpoint)
    if delivery then
      count(endpoint, delivery, -1)
      dequeue(key, endpoint, delivery)
      leave_line(key, endpoint, delivery)
      note_end(key)
    end
  end
end
refresh()
if #keys == step then
  return keys[#keys]
end
call('HDEL', p .. 'counts', endpoint .. ' pending', endpoint .. ' failed')
return ''
