-- Hand out those of the noted events that have arrived; needs `upkeep/shed`. Nothing changes but for what is gone.
--
-- ARGV  the key behind which to begin, how many to look at; the customers who want it so …
-- Returns {where to go on ("0": at the beginning), key, event, …}

-- Up to which key each customer has what it pulls; a customer without any endpoint is not in it.
local reached = {}
local function reach(id)
  local known = endpoint_of(id)
  if known then
    local upto = known.pulls and tonumber(call('HGET', p .. 'acknowledged', id) or 0) or math.huge
    reached[known.customer] = math.min(reached[known.customer] or math.huge, upto)
  end
end

local function is_lost(key)
  for _, field in ipairs(call('HKEYS', p .. 'deliveries:' .. key)) do
    local delivery = not string.find(field, ' ', 1, true) and endpoint_of(field) and load(key, field)
    if delivery and delivery[STAGE] == DEAD then
      return true
    end
  end
  return false
end

local function has_arrived(key, customers, upto)
  for customer in string.gmatch(customers, '%S+') do
    if not upto[customer] or tonumber(key) > upto[customer] then
      return false
    end
  end
  -- One that is dead could still be recovered, unless its endpoint is gone.
  return not has_open(key) and not is_lost(key)
end

for _, id in ipairs(call('HKEYS', p .. 'endpoints')) do
  reach(id)
end
local upto = {}
for i = 3, #ARGV do
  upto[ARGV[i]] = reached[ARGV[i]]
end
local keys = call('ZRANGEBYSCORE', p .. 'emptying', '(' .. ARGV[1], '+inf', 'LIMIT', 0, ARGV[2])
local found = {#keys == tonumber(ARGV[2]) and keys[#keys] or '0'}
for _, key in ipairs(keys) do
  local customers, _, _, marks = header(key)
  if not customers or string.find(marks, 'e', 1, true) then
    call('ZREM', p .. 'emptying', key)
  elseif has_arrived(key, customers, upto) then
    found[#found + 1], found[#found + 2] = key, call('GET', p .. 'event:' .. key)
  end
end
return found
