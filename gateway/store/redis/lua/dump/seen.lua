-- Ids of events that are known although the events are not stored.
--
-- ARGV  period, buckets
-- Returns bucket and id, in one

local found = {}
for b = 2, #ARGV do
  local fields = call('HGETALL', p .. 'seen:' .. ARGV[1] .. ':' .. ARGV[b])
  for i = 1, #fields, 2 do
    if fields[i + 1] == '' or call('EXISTS', p .. 'event:' .. fields[i + 1]) == 0 then
      found[#found + 1] = ARGV[b] .. fields[i]
    end
  end
end
return found
