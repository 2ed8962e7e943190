-- Move the place of an endpoint that pulls, forward only and never beyond the last event. Safe to repeat.
--
-- ARGV  endpoint, up to which key, or "" to ask only
-- Returns the place

local place = call('HGET', p .. 'acknowledged', ARGV[1])
place = place and tonumber(place)
if place and ARGV[2] ~= '' then
  local last = tonumber(call('GET', p .. 'last') or 0)
  place = math.max(place, math.min(tonumber(ARGV[2]), last))
  call('HSET', p .. 'acknowledged', ARGV[1], text(place))
end
return text(place or 0)
