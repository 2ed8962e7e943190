-- How many of some events a replay would take now.
--
-- ARGV  endpoint, which deliveries are wanted, 1 if only what nobody owns; keys …

local known, found = endpoint_of(ARGV[1]), 0
for i = 4, known and #ARGV or 0 do
  if is_wanted(ARGV[i], ARGV[1], known, ARGV[2], ARGV[3] == '1') then
    found = found + 1
  end
end
return found
