-- Take in elements: of each request all or nothing, and only if what it was decided on still holds; needs `records/changes`.
--
-- ARGV[1]  requests (MessagePack), each
--          {period, checks, seen, values, unstored, held, events, rewrites, indexes}
--   checks    flat: hash, field, value or ""
--   seen      flat: id, whether it is known in this period or the two before
--   values    flat: hash, field, value from now on or ""
--   unstored  ids that are known from now on, without an event
--   held      flat: field of `held`, until when or false
--   events    each {at, about, customers, conversation or "", numbered, id, bytes, routes}
--             routes flat: endpoint, ordered, claim, replay; about: "<name> <platform> <page>"
--   rewrites  see `intake/rewrite`, which a script with any of them begins with
--   indexes   flat: sorted set, member, score or false (removes)
--   An id is what stands for an event's id: four characters of its bucket, and its field there.
-- ARGV[2]  the name of the database
-- Returns (MessagePack) for each request
--   {key of an event, outcome of each of its routes …}
--      0 left out 2 waiting 3 behind another; claimed: the form that its endpoint wants
--   {false, {hash, field, value or false …}, {index of each wrong `seen` …}}

if (call('GET', p .. 'database') or '') ~= ARGV[2] then
  return redis.error_reply('LOST another database, or none')
end

local LEFT_OUT, WAITING, QUEUED = 0, 2, 3
local endpoints = {}
local last = tonumber(call('GET', p .. 'last') or 0)

-- Which of a period and the two before it there are.
local function recent_of(period)
  if not recent[period] then
    recent[period] = call('ZRANGEBYSCORE', p .. 'periods', period - 2, period)
  end
  return recent[period]
end

local function is_seen(period, id)
  local bucket, field = string.sub(id, 1, 4), string.sub(id, 5)
  for _, one in ipairs(recent_of(period)) do
    if call('HEXISTS', p .. 'seen:' .. one .. ':' .. bucket, field) == 1 then
      return true
    end
  end
  return false
end

local function wrong_ids(period, seen)
  local wrong = {}
  for i = 1, #seen, 2 do
    if is_seen(period, seen[i]) ~= seen[i + 1] then
      wrong[#wrong + 1] = (i - 1) / 2
    end
  end
  return wrong
end

local function hold(held)
  for i = 1, #held, 2 do
    if held[i + 1] then
      call('ZADD', p .. 'held_until', held[i + 1], held[i])
    else
      call('ZREM', p .. 'held_until', held[i])
    end
  end
end

local function known_endpoint(id)
  if endpoints[id] == nil then
    endpoints[id] = endpoint_of(id) or false
  end
  return endpoints[id]
end

local function is_busy(endpoint, line)
  return line and call('EXISTS', line_key(endpoint, line)) == 1
end

local function deliver(key, at, line, endpoint, claim, replay)
  local known = known_endpoint(endpoint)
  if not known or known.pulls then
    return known and WAITING or LEFT_OUT
  end
  local stage, due_at, claims, outcome = UNTRIED, at, 0, WAITING
  if is_busy(endpoint, line) then
    stage, due_at, outcome = BEHIND, false, QUEUED
  elseif claim then
    stage, due_at, claims, outcome = LEASED, at + known.lease, 1, known.form or 'native'
  end
  local delivery = {stage, due_at, claims, 0, false, replay, at, line, 0, false, known.form}
  save(key, endpoint, delivery)
  enqueue(key, endpoint, delivery)
  join_line(key, endpoint, delivery)
  call('ZADD', p .. 'of:' .. endpoint, key, key)
  count(endpoint, delivery, 1)
  return outcome
end

-- Adds to `told`.
local function store(event, period, told)
  local at, about, customers, conversation, numbered = event[1], event[2], event[3], event[4], event[5]
  last = math.max(last + 1, at * 4096)
  local key = text(last)
  call('SET', p .. 'event:' .. key, event[7])
  call('ZADD', p .. 'events', key, key .. ' ' .. about)
  for _, customer in ipairs(customers) do
    call('ZADD', p .. 'customer:' .. customer, key, key)
  end
  if conversation ~= '' then
    call('ZADD', p .. 'conversation:' .. conversation, key, key)
  end
  remember('seen', period, event[6], key)
  told[#told + 1] = key
  local routes = event[8]
  local line = numbered and conversation ~= '' and conversation
  for i = 1, #routes, 4 do
    local its_line = routes[i + 1] and line
    told[#told + 1] = deliver(key, at, its_line, routes[i], routes[i + 2], routes[i + 3])
  end
end

local function apply(request)
  local period = request[1]
  local cells, ids = wrong_cells(request[2]), wrong_ids(period, request[3])
  if #cells > 0 or #ids > 0 then
    return {false, cells, ids}
  end
  write(request[4], period)
  for _, id in ipairs(request[5]) do
    remember('seen', period, id, '')
  end
  hold(request[6])
  index(request[9])
  for _, change in ipairs(request[8]) do
    rewrite(change)
  end
  local told = {}
  for _, event in ipairs(request[7]) do
    store(event, period, told)
  end
  return told
end

local answers = {}
for i, request in ipairs(cmsgpack.unpack(ARGV[1])) do
  answers[i] = apply(request)
end
call('SET', p .. 'last', text(last))
refresh()
return cmsgpack.pack(answers)
