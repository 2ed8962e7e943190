-- Hand some of a customer's events of one page over to another customer; needs `events/named`, `events/described` and `events/give`.
-- Safe to repeat.
--
-- ARGV  the former owner, the new one; platform, page; from where on in the former's list; how many to look at
-- Returns {where to go on, "" at the end; how many were looked at}

local former, owner, platform, page, from, limit = unpack(ARGV)

local function owned_anew(event)
  local ends = string.find(event, '\n', 1, true)
  local customers = {}
  for customer in string.gmatch(string.sub(event, 1, ends - 1), '%S+') do
    customers[#customers + 1] = customer == former and owner or customer
  end
  return table.concat(customers, ' ') .. string.sub(event, ends)
end

local list = 'customer:' .. former
local members = call('ZRANGEBYSCORE', p .. list, from, '+inf', 'LIMIT', 0, limit)
for _, member in ipairs(described(list, members)) do
  local key = named(member, '', platform, page)
  local event = key and call('GET', p .. 'event:' .. key)
  if event then
    call('SET', p .. 'event:' .. key, owned_anew(event))
    call('ZREMRANGEBYSCORE', p .. list, key, key)
    call('ZADD', p .. 'customer:' .. owner, key, key)
    note(key, owner)
  end
  from = '(' .. string.match(member, '^%d+')
end
return {#members < tonumber(limit) and '' or from, #members}
