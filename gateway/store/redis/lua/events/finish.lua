-- Record attempts, and move each delivery whose claim is still the newest. Safe to repeat; needs `events/ended`.
--
-- ARGV[1]  (MessagePack) outcomes, each
--          {key, endpoint, claim, attempt (JSON) or false, its moment or false, stage, due at or false,
--           finished at or false, yields, number of the report}
-- Returns (MessagePack) flat for each outcome: moved, released
-- A report whose answer was lost is sent again under its number, and told again that it moved the delivery.

local outcomes = cmsgpack.unpack(ARGV[1])
local left, moved, told, ended = {}, {}, {}, {}

local function log(key, endpoint, delivery, outcome)
  local name = endpoint .. ' ' .. text(outcome[3])
  if outcome[4] and call('HSETNX', p .. 'deliveries:' .. key, name, outcome[4]) == 1 then
    delivery[ATTEMPTS] = delivery[ATTEMPTS] + 1
    return true
  end
  return false
end

local function finish(key, endpoint, delivery, outcome)
  leave_line(key, endpoint, delivery)
  delivery[STAGE], delivery[DUE_AT], delivery[FINISHED_AT] = outcome[6], false, outcome[8]
  if delivery[STAGE] == DEAD then
    call('ZADD', p .. 'dead:' .. endpoint, key, key)
  end
  ended[key] = true
end

-- Try again later. Who yields leaves the line: nobody waits for it any more, nor it for anybody.
local function postpone(key, endpoint, delivery, outcome)
  if outcome[4] then
    delivery[TRIES] = delivery[TRIES] + 1
    delivery[FIRST_FAILED] = delivery[FIRST_FAILED] or outcome[5]
  end
  delivery[STAGE] = delivery[TRIES] > 0 and TRIED or UNTRIED
  delivery[DUE_AT] = outcome[7] or delivery[CREATED_AT]
  if outcome[9] then
    leave_line(key, endpoint, delivery)
    delivery[LINE] = false
  end
  enqueue(key, endpoint, delivery)
end

local function settle(i, outcome)
  local key, endpoint = outcome[1], outcome[2]
  local delivery = load(key, endpoint)
  if not delivery then
    return
  end
  local logged, line = log(key, endpoint, delivery, outcome), delivery[LINE]
  if delivery[STAGE] == LEASED and delivery[CLAIM] == outcome[3] then
    moved[i], delivery[SETTLED] = true, outcome[10]
    count(endpoint, delivery, -1)
    dequeue(key, endpoint, delivery)
    local ends = outcome[6] >= DELIVERED
    if ends then
      finish(key, endpoint, delivery, outcome)
    else
      postpone(key, endpoint, delivery, outcome)
    end
    count(endpoint, delivery, 1)
    left[i] = line and (ends or outcome[9]) and line
  elseif delivery[SETTLED] == outcome[10] then
    told[i] = true
  end
  if moved[i] or logged then
    save(key, endpoint, delivery)
  end
end

for i, outcome in ipairs(outcomes) do
  settle(i, outcome)
end
for key in pairs(ended) do
  note_end(key)
end
local released, answers = {}, {}
for i, outcome in ipairs(outcomes) do
  local name = left[i] and line_key(outcome[2], left[i])
  if name and released[name] == nil then
    released[name] = release(outcome[2], left[i])
  end
  answers[#answers + 1] = moved[i] or told[i] or false
  -- Whom it released is not kept: saying so once too often wakes somebody in vain.
  answers[#answers + 1] = told[i] or name and released[name] or false
end
refresh()
return cmsgpack.pack(answers)
