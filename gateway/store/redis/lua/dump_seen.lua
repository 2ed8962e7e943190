-- Ids of events that are known although the events are not stored.
--
-- ARGV  period, bucket to begin with, how many ids to look at
-- Returns {bucket to go on with or "", bucket and id …}, of each bucket all or none

local BUCKETS, CHUNK = 65536, 256
local left = tonumber(ARGV[3])
local prefix = p .. 'seen:' .. ARGV[1] .. ':'
local found = {''}

local function look_into(bucket)
  local fields = call('HGETALL', prefix .. bucket)
  for i = 1, #fields, 2 do
    if fields[i + 1] == '' or call('EXISTS', p .. 'event:' .. fields[i + 1]) == 0 then
      found[#found + 1] = bucket .. fields[i]
    end
  end
  left = left - #fields / 2
end

-- Most buckets of a small database are empty: they are asked for together.
for first = tonumber(ARGV[2]), BUCKETS - 1, CHUNK do
  local names, buckets = {}, {}
  for bucket = first, math.min(first + CHUNK, BUCKETS) - 1 do
    buckets[#buckets + 1] = string.format('%04x', bucket)
    names[#names + 1] = prefix .. buckets[#buckets]
  end
  if call('EXISTS', unpack(names)) > 0 then
    for _, bucket in ipairs(buckets) do
      look_into(bucket)
    end
    if left <= 0 and first + CHUNK < BUCKETS then
      found[1] = text(first + CHUNK)
      return found
    end
  end
end
return found
