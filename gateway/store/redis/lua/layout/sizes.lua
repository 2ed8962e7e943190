-- How many members sorted sets have.
--
-- ARGV  ZSETs
-- Returns a number each

local found = {}
for i, name in ipairs(ARGV) do
  found[i] = call('ZCARD', p .. name)
end
return found
