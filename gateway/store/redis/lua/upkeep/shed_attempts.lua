-- Delete old attempts of deliveries that have ended; needs `upkeep/shed`.
--
-- ARGV  the key before which events may have some, the moment before which they are too old, how many events
-- Returns how many events were looked at

local before = tonumber(ARGV[2])

-- What ended, but not long enough ago, is noted: nobody else would come back for it.
local function clear(key)
  local name, newest = p .. 'deliveries:' .. key, nil
  local fields = call('HGETALL', name)
  for i = 1, #fields, 2 do
    local endpoint = string.match(fields[i], '^(%S+) %d+$')
    if endpoint and not is_open(key, endpoint) then
      local at = tonumber(string.match(fields[i + 1], '^%[(%d+)'))
      if at < before then
        call('HDEL', name, fields[i])
        local delivery = load(key, endpoint)
        if delivery then
          delivery[ATTEMPTS] = delivery[ATTEMPTS] - 1
          save(key, endpoint, delivery)
        end
      else
        newest = math.max(newest or 0, at)
      end
    end
  end
  if newest then
    call('ZADD', p .. 'late_attempts', text(newest), key)
  end
end

local keys = next_of('attempts', ARGV[1], ARGV[3])
if #keys > 0 then
  call('SET', p .. 'swept_attempts', keys[#keys])
else
  keys = call('ZRANGEBYSCORE', p .. 'late_attempts', '-inf', '(' .. ARGV[2], 'LIMIT', 0, ARGV[3])
  for _, key in ipairs(keys) do
    call('ZREM', p .. 'late_attempts', key)
  end
end
for _, key in ipairs(keys) do
  clear(key)
end
return #keys
