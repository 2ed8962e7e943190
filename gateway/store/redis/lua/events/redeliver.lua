-- Make one delivery due again. Safe to repeat.
--
-- ARGV  the key of the event, endpoint, customer ("" for the operator), now
-- Returns 1, 0 where nothing can be sent, or -1 where nothing is left that could be

local key, endpoint, customer, now = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local known, owner, _, _, marks = endpoint_of(endpoint), header(key)

if not known or known.pulls or not owner or (customer ~= '' and customer ~= known.customer) then
  return 0
end
if not has(owner, known.customer) then
  if owner ~= '' or customer ~= '' then
    return 0
  end
  give(key, known.customer)
end
if string.find(marks, 'e', 1, true) then
  return -1
end
again(key, endpoint, known, now)
refresh()
return 1
