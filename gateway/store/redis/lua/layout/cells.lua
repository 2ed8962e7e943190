-- Read fields of hashes.
--
-- ARGV  flat: hash, field
-- Returns their values

local values = {}
for i = 1, #ARGV, 2 do
  values[#values + 1] = call('HGET', p .. ARGV[i], ARGV[i + 1])
end
return values
