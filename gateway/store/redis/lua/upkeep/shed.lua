-- What the sweeps that take elements and attempts from events have in common.

local function is_open(key, endpoint)
  local delivery = load(key, endpoint)
  return delivery and delivery[STAGE] <= BEHIND
end

-- Whether any delivery of an event is open.
local function has_open(key)
  for _, field in ipairs(call('HKEYS', p .. 'deliveries:' .. key)) do
    if not string.find(field, ' ', 1, true) and is_open(key, field) then
      return true
    end
  end
  return false
end

-- The events that come next in a sweep.
local function next_of(sweep, before, limit)
  local position = call('GET', p .. 'swept_' .. sweep) or '0'
  local keys = call('ZRANGEBYSCORE', p .. 'events', '(' .. position, '(' .. before, 'LIMIT', 0, limit)
  for i, member in ipairs(keys) do
    keys[i] = string.match(member, '^%d+')
  end
  return keys
end
