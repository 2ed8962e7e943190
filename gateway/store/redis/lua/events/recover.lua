-- Make due what failed in an outage. Safe to repeat.
--
-- ARGV  endpoint, since, now, how many of those that were looked at and left, how many to look at
-- Returns how many of these were left, or -1 at the end

local endpoint, since, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local left, step = tonumber(ARGV[4]), tonumber(ARGV[5])

-- When it was tried last: the newest claims need not have an attempt.
local function last_tried(key, delivery)
  for claim = delivery[CLAIM], 1, -1 do
    local attempt = call('HGET', p .. 'deliveries:' .. key, endpoint .. ' ' .. text(claim))
    if attempt then
      return tonumber(string.match(attempt, '^%[(%d+)'))
    end
  end
  return 0
end

local keys = call('ZRANGEBYSCORE', p .. 'tried:' .. endpoint, '(' .. text(now), '+inf', 'LIMIT', left, step)
for _, key in ipairs(keys) do
  local delivery = load(key, endpoint)
  if last_tried(key, delivery) >= since then
    delivery[DUE_AT] = now
    save(key, endpoint, delivery)
    enqueue(key, endpoint, delivery)
  else
    left = left + 1
  end
end
refresh()
return #keys == step and left or -1
