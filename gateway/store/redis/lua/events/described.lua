-- What `events` says of the events of a list, of which most keep the keys alone.

local function described(list, members)
  for i, member in ipairs(list ~= 'events' and members or {}) do
    local key = string.match(member, '^%d+')
    members[i] = call('ZRANGEBYSCORE', p .. 'events', key, key)[1] or key .. '   '
  end
  return members
end
