-- A part of a list of events; needs `events/named` and `events/described`.
--
-- ARGV  the ZSET that is the list; from, to; "asc" or "desc"; how many at most, how many to look at;
--       name (or "family.*"), platform, page and customer that they must have ("" for any)
-- Returns {where to go on or "", key, event, …}

local list, from, to, order = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local limit, budget = tonumber(ARGV[5]), tonumber(ARGV[6])
local name, platform, page, customer = ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local CHUNK = 200
local range = order == 'asc' and 'ZRANGEBYSCORE' or 'ZREVRANGEBYSCORE'

local function fits(member)
  local key = named(member, name, platform, page)
  if key and customer ~= '' then
    local customers = header(key)
    if not customers or not string.find(' ' .. customers .. ' ', ' ' .. customer .. ' ', 1, true) then
      return nil
    end
  end
  return key
end

local found = {''}
while budget > 0 do
  local members = described(list, call(range, p .. list, from, to, 'LIMIT', 0, CHUNK))
  for _, member in ipairs(members) do
    local key = fits(member)
    from = '(' .. string.match(member, '^%d+')
    if key then
      found[#found + 1], found[#found + 2] = key, call('GET', p .. 'event:' .. key)
      if #found > 2 * limit then
        return found
      end
    end
  end
  if #members < CHUNK then
    return found
  end
  budget = budget - CHUNK
end
found[1] = from
return found
