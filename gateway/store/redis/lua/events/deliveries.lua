-- A part of a list of deliveries, by event.
--
-- ARGV  the ZSET of the events to look at, or "event:<key>" for one event; from, to; "asc" or "desc";
--       how many at most, how many events to look at; a key whose deliveries do not count;
--       "pending", "failed", "delivered", "dead" or ""; the endpoints they must go to (MessagePack), or ""
-- Returns {where to go on or "", key, endpoint, delivery, event, …}; all deliveries of an event or none

local list, from, to, order = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local limit, budget, free, state = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7], ARGV[8]
local endpoints = ARGV[9] ~= '' and {} or nil
local CHUNK = 200
local range = order == 'asc' and 'ZRANGEBYSCORE' or 'ZREVRANGEBYSCORE'

for _, endpoint in ipairs(endpoints and cmsgpack.unpack(ARGV[9]) or {}) do
  endpoints[endpoint] = true
end

local function state_of(delivery)
  if delivery[STAGE] > BEHIND then
    return delivery[STAGE] == DEAD and 'dead' or 'delivered'
  end
  return delivery[TRIES] > 0 and 'failed' or 'pending'
end

local found, counted = {''}, 0
local function add(key)
  local event = false
  for _, endpoint in ipairs(call('HKEYS', p .. 'deliveries:' .. key)) do
    if not string.find(endpoint, ' ', 1, true) and (not endpoints or endpoints[endpoint]) then
      local packed = call('HGET', p .. 'deliveries:' .. key, endpoint)
      if state == '' or state == state_of(cmsgpack.unpack(packed)) then
        event = event or call('GET', p .. 'event:' .. key)
        for _, part in ipairs({key, endpoint, packed, event}) do
          found[#found + 1] = part
        end
        counted = counted + (key == free and 0 or 1)
      end
    end
  end
end

local one = string.match(list, '^event:(%d+)$')
if one then
  add(one)
  return found
end
while budget > 0 do
  local members = call(range, p .. list, from, to, 'LIMIT', 0, CHUNK)
  for _, member in ipairs(members) do
    local key = string.match(member, '^%d+')
    from = '(' .. key
    add(key)
    if counted > limit then
      return found
    end
  end
  if #members < CHUNK then
    return found
  end
  budget = budget - CHUNK
end
found[1] = from
return found
