-- The next events whose elements a re-normalisation looks at; needs `events/named` and `events/described`.
--
-- ARGV  the ZSET that is the list; from, to; how many at most, how many to look at; name (or "family.*"),
--       platform and page ("" for any); the customers that an event has exactly, or "*" for any
-- Returns {the key up to which it came or "" at the end, member of `events` …}

local limit, left, customers = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[9]
local found = {''}

local function fits(member)
  local key = named(member, ARGV[6], ARGV[7], ARGV[8])
  local owners, _, _, marks = header(key or '')
  -- What the gateway made has no element; what is superseded lives on in what replaced it.
  return marks and not string.find(marks, '[sx]') and (customers == '*' or customers == owners) and key
end

local members = described(ARGV[1], call('ZRANGEBYSCORE', p .. ARGV[1], ARGV[2], ARGV[3], 'LIMIT', 0, left))
for _, member in ipairs(members) do
  local key = fits(member)
  left = left - 1
  if key then
    found[#found + 1] = member
  end
  if left == 0 or #found > limit then
    found[1] = string.match(member, '^%d+')
    break
  end
end
return found
