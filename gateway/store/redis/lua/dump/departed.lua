-- What is remembered of the identities of the erased.
--
-- ARGV  period, buckets
-- Returns bucket and field, in one

local found = {}
for b = 2, #ARGV do
  for _, field in ipairs(call('HKEYS', p .. 'departed:' .. ARGV[1] .. ':' .. ARGV[b])) do
    found[#found + 1] = ARGV[b] .. field
  end
end
return found
