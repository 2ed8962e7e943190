-- A part of a list of messages on their way out.
--
-- ARGV  the ZSET that is the list; from, to; "asc" or "desc"; how many at most, how many to look at;
--       customer, platform, page and state that they must have ("" for any)
-- Returns {where to go on or "", record, …}

local list, from, to, order = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local limit, budget = tonumber(ARGV[5]), tonumber(ARGV[6])
local CHUNK = 200
local range = order == 'asc' and 'ZRANGEBYSCORE' or 'ZREVRANGEBYSCORE'

local function fits(record)
  local header = {string.match(record, '^(.-)\n(.-)\n(.-)\n(.-)\n')}
  for i, value in ipairs(header) do
    if ARGV[6 + i] ~= '' and ARGV[6 + i] ~= value then
      return false
    end
  end
  return true
end

local found = {''}
while budget > 0 do
  local members = call(range, p .. list, from, to, 'WITHSCORES', 'LIMIT', 0, CHUNK)
  for i = 1, #members, 2 do
    local record = call('HGET', p .. 'outgoing', members[i])
    from = '(' .. members[i + 1]
    if record and fits(record) then
      found[#found + 1] = record
      if #found > limit then
        return found
      end
    end
  end
  if #members < 2 * CHUNK then
    return found
  end
  budget = budget - CHUNK
end
found[1] = from
return found
