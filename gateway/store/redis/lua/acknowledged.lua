-- Up to where endpoints that pull have everything.
--
-- ARGV  endpoints
-- Returns a key each, or "" for one that does not pull

local found = {}
for i, endpoint in ipairs(ARGV) do
  found[i] = call('HGET', p .. 'acknowledged', endpoint) or ''
end
return found
