-- Up to where something has come: endpoints that pull, customers whose contents go early.
--
-- ARGV  hash, fields
-- Returns a key each, or "" where nothing is known

local found = {}
for i = 2, #ARGV do
  found[i - 1] = call('HGET', p .. ARGV[1], ARGV[i]) or ''
end
return found
