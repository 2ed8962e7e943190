-- Take in elements: of each request all or nothing, and only if what it was decided on still holds; needs `records/changes`.
--
-- ARGV[1]  requests (MessagePack), each
--          {checks, seen, writes, memories, held, events, rewrites, indexes}
--   checks    flat: hash, field, value or false
--   seen      flat: period, bucket, field, whether it is known in this period or the two before
--   writes    flat: hash, field, value or false (deletes)
--   memories  flat: kind, period, bucket, field, value
--   held      flat: field of `held`, until when or false
--   events    each {at, about, customers, conversation or "", numbered, period, bucket, field, bytes, routes}
--             routes flat: endpoint, ordered, claim, replay; about: "<name> <platform> <page>"
--   rewrites  see `intake/rewrite`, which a script with any of them begins with
--   indexes   flat: sorted set, member, score or false (removes)
-- Returns (MessagePack) for each request
--   {true, {{key of the event, outcome of each route …} …}}
--      0 left out 2 waiting 3 behind another; claimed: the form that its endpoint wants
--   {false, {hash, field, value or false …}, {index of each wrong `seen` …}}

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

local function is_seen(period, bucket, field)
  for _, one in ipairs(recent_of(period)) do
    if call('HEXISTS', p .. 'seen:' .. one .. ':' .. bucket, field) == 1 then
      return true
    end
  end
  return false
end

local function wrong_ids(seen)
  local wrong = {}
  for i = 1, #seen, 4 do
    if is_seen(seen[i], seen[i + 1], seen[i + 2]) ~= seen[i + 3] then
      wrong[#wrong + 1] = (i - 1) / 4
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

local function store(event)
  local at, about, customers, conversation, numbered = event[1], event[2], event[3], event[4], event[5]
  last = math.max(last + 1, at * 4096)
  local key = text(last)
  call('SET', p .. 'event:' .. key, event[9])
  call('ZADD', p .. 'events', key, key .. ' ' .. about)
  for _, customer in ipairs(customers) do
    call('ZADD', p .. 'customer:' .. customer, key, key)
  end
  if conversation ~= '' then
    call('ZADD', p .. 'conversation:' .. conversation, key, key)
  end
  remember('seen', event[6], event[7], event[8], key)
  local outcomes, routes = {key}, event[10]
  local line = numbered and conversation ~= '' and conversation
  for i = 1, #routes, 4 do
    local its_line = routes[i + 1] and line
    outcomes[#outcomes + 1] = deliver(key, at, its_line, routes[i], routes[i + 2], routes[i + 3])
  end
  return outcomes
end

local function apply(request)
  local cells, ids = wrong_cells(request[1]), wrong_ids(request[2])
  if #cells > 0 or #ids > 0 then
    return {false, cells, ids}
  end
  write(request[3])
  local memories, stored = request[4], {}
  for i = 1, #memories, 5 do
    remember(memories[i], memories[i + 1], memories[i + 2], memories[i + 3], memories[i + 4])
  end
  hold(request[5])
  index(request[8])
  for _, change in ipairs(request[7]) do
    rewrite(change)
  end
  for i, event in ipairs(request[6]) do
    stored[i] = store(event)
  end
  return {true, stored, {}}
end

local answers = {}
for i, request in ipairs(cmsgpack.unpack(ARGV[1])) do
  answers[i] = apply(request)
end
call('SET', p .. 'last', text(last))
refresh()
return cmsgpack.pack(answers)
