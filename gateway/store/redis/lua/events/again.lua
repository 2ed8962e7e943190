-- Make a delivery due from the start of the schedule, unless it is on its way. One without a delivery gets it.

local function reopen(key, endpoint, known, before, now)
  local _, conversation, numbered = header(key)
  local line = known.ordered and numbered == '1' and conversation ~= '' and conversation
  local delivery = {
    UNTRIED, now, before and before[CLAIM] or 0, 0, false, true, before and before[CREATED_AT] or now, line,
    before and before[ATTEMPTS] or 0, false, known.form,
  }
  -- It takes its place in the line: behind what is earlier, before what is later.
  local head = line and call('ZRANGE', line_key(endpoint, line), 0, 0)[1]
  if head and tonumber(head) < tonumber(key) then
    delivery[STAGE], delivery[DUE_AT] = BEHIND, false
  end
  call('ZREM', p .. 'dead:' .. endpoint, key)
  call('ZADD', p .. 'of:' .. endpoint, key, key)
  save(key, endpoint, delivery)
  enqueue(key, endpoint, delivery)
  join_line(key, endpoint, delivery)
  count(endpoint, delivery, 1)
end

-- Begin the schedule anew, in the form that the endpoint wants now.
local function restart(key, endpoint, known, delivery, due_at)
  count(endpoint, delivery, -1)
  dequeue(key, endpoint, delivery)
  delivery[STAGE], delivery[DUE_AT], delivery[TRIES] = UNTRIED, due_at, 0
  delivery[FIRST_FAILED], delivery[REPLAY], delivery[FORM] = false, true, known.form
  save(key, endpoint, delivery)
  enqueue(key, endpoint, delivery)
  count(endpoint, delivery, 1)
end

local function again(key, endpoint, known, now)
  local delivery = load(key, endpoint)
  if not delivery or delivery[STAGE] > BEHIND then
    reopen(key, endpoint, known, delivery, now)
  elseif delivery[STAGE] ~= LEASED and delivery[STAGE] ~= BEHIND then
    -- What is being tried has its outcome soon, what is behind another comes in its turn.
    restart(key, endpoint, known, delivery, now)
  end
end

local function has(customers, customer)
  return string.find(' ' .. customers .. ' ', ' ' .. customer .. ' ', 1, true) ~= nil
end
