-- Change an event that is there already, with its deliveries; needs `events/again`.
--
-- A change: {key, "<name> <platform> <page>" or false to leave it, the conversation that it has from now on
-- or false, the event, now, endpoint …}

-- The endpoint gets the new content, whatever it has had. What was not tried yet takes it in its turn.
local function renew(key, endpoint, known, now)
  local delivery = load(key, endpoint)
  if not delivery or delivery[STAGE] > BEHIND then
    reopen(key, endpoint, known, delivery, now)
  elseif delivery[STAGE] == TRIED then
    restart(key, endpoint, known, delivery, now)
  elseif delivery[STAGE] == LEASED then
    -- The outcome under way comes late by then, and the next attempt not before the end of this one's lease.
    delivery[CLAIM] = delivery[CLAIM] + 1
    restart(key, endpoint, known, delivery, delivery[DUE_AT])
  end
end

local function rewrite(change)
  local key, about, joined = change[1], change[2], change[3]
  call('SET', p .. 'event:' .. key, change[4])
  if about then
    call('ZREMRANGEBYSCORE', p .. 'events', key, key)
    call('ZADD', p .. 'events', key, key .. ' ' .. about)
  end
  if joined then
    call('ZADD', p .. 'conversation:' .. joined, key, key)
  end
  for i = 6, #change do
    local known = endpoint_of(change[i])
    if known and not known.pulls then
      renew(key, change[i], known, change[5])
    end
  end
end
