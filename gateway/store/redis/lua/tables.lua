-- Read whole hashes as they are at one moment.
--
-- ARGV  hashes
-- Returns the version of the configuration, then the fields and values of each hash

local found = {call('HGET', p .. 'facts', 'version') or '0'}
for i, hash in ipairs(ARGV) do
  found[i + 1] = call('HGETALL', p .. hash)
end
return found
