-- Read whole hashes as they are at one moment.
--
-- ARGV  hashes
-- Returns the fields and values of each hash

local found = {}
for i, hash in ipairs(ARGV) do
  found[i] = call('HGETALL', p .. hash)
end
return found
