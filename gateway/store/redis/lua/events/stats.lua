-- How a part of an endpoint's newest deliveries went.
--
-- ARGV  endpoint, since, where to go on ("+inf" at first), how many to look at
-- Returns {where to go on or "", ends without success, attempt (JSON) …}

local endpoint, since, step = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[4])
local found, dead = {'', 0}, 0

local keys = call('ZREVRANGEBYSCORE', p .. 'of:' .. endpoint, ARGV[3], '-inf', 'LIMIT', 0, step)
for _, key in ipairs(keys) do
  local delivery = load(key, endpoint)
  if delivery then
    if delivery[STAGE] == DEAD and delivery[FINISHED_AT] >= since then
      dead = dead + 1
    end
    for claim = 1, delivery[CLAIM] do
      local attempt = call('HGET', p .. 'deliveries:' .. key, endpoint .. ' ' .. text(claim))
      if attempt and tonumber(string.match(attempt, '^%[(%d+)')) >= since then
        found[#found + 1] = attempt
      end
    end
  end
end
found[1], found[2] = #keys == step and '(' .. keys[#keys] or '', dead
return found
