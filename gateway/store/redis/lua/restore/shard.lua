-- Write what another store held; needs `records/changes`. Safe to repeat: the keys of events are given beforehand.
--
-- ARGV[1]  (MessagePack) {writes, memories, held, events, entries}
--   writes    flat: hash, field, value
--   memories  flat: kind, period, name, value
--   held      flat: field of `held`, until when
--   entries   flat: sorted set, member, score
--   events    each {key, about, customers, conversation or "", bytes, deliveries, attempts}
--             deliveries flat: endpoint, delivery; attempts flat: field, text

local content = cmsgpack.unpack(ARGV[1])
local last = tonumber(call('GET', p .. 'last') or 0)

local function rank_in(period, name)
  return call('HGET', p .. 'rank:' .. text(period) .. ':' .. string.sub(name, 1, 4), string.sub(name, 5))
end

local function put(hash, field, value)
  local before = hash == 'pictures' and call('HGET', p .. hash, field)
  -- What people of several names have tells nobody from anybody.
  call('HSET', p .. hash, field, before and before ~= value and '*' or value)
end

local function deliver(key, endpoint, delivery)
  if call('HSETNX', p .. 'deliveries:' .. key, endpoint, cmsgpack.pack(delivery)) == 0 then
    return
  end
  call('ZADD', p .. 'of:' .. endpoint, key, key)
  if delivery[STAGE] == DEAD then
    call('ZADD', p .. 'dead:' .. endpoint, key, key)
  elseif delivery[STAGE] <= BEHIND then
    enqueue(key, endpoint, delivery)
    join_line(key, endpoint, delivery)
    count(endpoint, delivery, 1)
  end
end

local function store(event)
  local key, member = event[1], event[1] .. ' ' .. event[2]
  last = math.max(last, tonumber(key))
  call('SET', p .. 'event:' .. key, event[5])
  call('ZADD', p .. 'events', key, member)
  for _, customer in ipairs(event[3]) do
    call('ZADD', p .. 'customer:' .. customer, key, key)
  end
  if event[4] ~= '' then
    call('ZADD', p .. 'conversation:' .. event[4], key, key)
  end
  for i = 1, #event[6], 2 do
    deliver(key, event[6][i], event[6][i + 1])
  end
  for i = 1, #event[7], 2 do
    call('HSET', p .. 'deliveries:' .. key, event[7][i], event[7][i + 1])
  end
end

for i = 1, #content[1], 3 do
  put(content[1][i], content[1][i + 1], content[1][i + 2])
end
for i = 1, #content[2], 4 do
  local kind, period, name, value = unpack(content[2], i, i + 3)
  local before = kind == 'rank' and rank_in(period, name)
  if not before or before < value then
    remember(kind, period, name, value)
  end
end
for i = 1, #content[3], 2 do
  call('ZADD', p .. 'held_until', content[3][i + 1], content[3][i])
end
index(content[5])
for _, event in ipairs(content[4]) do
  store(event)
end
call('SET', p .. 'last', text(last))
refresh()
