-- What every script of a shard begins with.
--
-- KEYS[1]  the prefix of the shard, with its hash tag; all keys below begin with it:
--
--   last                     the key of the last event: milliseconds * 4096 + a counter; it only grows
--   events                   ZSET  all events:                       member "<key> <name> <platform> <page>"
--   customer:<id>            ZSET  what a customer may see (no id: what nobody owns)       the same members
--   conversation:<key>       ZSET  the events of a conversation                            the same members
--   event:<key>              the event: "<customers>\n<conversation>\n<numbered>\n<P or Z><bytes>"
--   deliveries:<key>         HASH  endpoint -> delivery (packed); "<endpoint> <claim>" -> attempt (JSON)
--   untried:<endpoint>       ZSET  key of an event, by the moment it is due
--   tried:<endpoint>         ZSET  the same for deliveries that were tried
--   leased:<endpoint>        ZSET  key of an event, by the end of its lease
--   line:<endpoint>:<conversation>  ZSET  keys of the events whose deliveries are open, in order
--   due                      ZSET  endpoint, by the first moment at which something can be claimed
--   dead:<endpoint>          ZSET  key of an event whose delivery ended without success
--   finished:<endpoint>      ZSET  key of an event whose delivery ended
--   endpoints                HASH  endpoint -> "<push or pull> <lease in ms>"
--   acknowledged             HASH  endpoint that pulls -> the key up to which it has everything
--   identities contacts conversations groups held     HASHes of records (JSON), read and checked by `commit`
--   held_until               ZSET  field of `held`, by the moment at which it is let go
--   seen:<period>:<bucket>   HASH  event id -> key of the event ("" if it is not stored)
--   known:<period>:<bucket>  HASH  message of a conversation -> 1
--   rank:<period>:<bucket>   HASH  message -> its highest status
--   periods                  ZSET  the periods of four days that have such hashes

local p = KEYS[1]
local call = redis.call

local UNTRIED, TRIED, LEASED, BEHIND, DELIVERED, DEAD = 0, 1, 2, 3, 4, 5
local QUEUES = {[UNTRIED] = 'untried:', [TRIED] = 'tried:', [LEASED] = 'leased:'}

-- A delivery is an array: false stands for what is not there.
local STAGE, DUE_AT, CLAIM, TRIES, FIRST_FAILED, REPLAY, CREATED_AT, LINE, ATTEMPTS, FINISHED_AT =
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10

local function text(number)
  return string.format('%.0f', number)
end

local function load(key, endpoint)
  local packed = call('HGET', p .. 'deliveries:' .. key, endpoint)
  return packed and cmsgpack.unpack(packed)
end

local function save(key, endpoint, delivery)
  call('HSET', p .. 'deliveries:' .. key, endpoint, cmsgpack.pack(delivery))
end

local touched = {}

-- Put a delivery where its stage says that it waits.
local function enqueue(key, endpoint, delivery)
  local queue = QUEUES[delivery[STAGE]]
  if queue then
    call('ZADD', p .. queue .. endpoint, delivery[DUE_AT], key)
    touched[endpoint] = true
  end
end

local function dequeue(key, endpoint, delivery)
  local queue = QUEUES[delivery[STAGE]]
  if queue then
    call('ZREM', p .. queue .. endpoint, key)
    touched[endpoint] = true
  end
end

local function line_key(endpoint, line)
  return p .. 'line:' .. endpoint .. ':' .. text(line)
end

local function join_line(key, endpoint, delivery)
  if delivery[LINE] then
    call('ZADD', line_key(endpoint, delivery[LINE]), key, key)
  end
end

local function leave_line(key, endpoint, delivery)
  if delivery[LINE] then
    call('ZREM', line_key(endpoint, delivery[LINE]), key)
  end
end

-- Let the first of a line go, if it waits; due since it was made, so that the oldest work comes first.
local function release(endpoint, line)
  local head = call('ZRANGE', line_key(endpoint, line), 0, 0)[1]
  local delivery = head and load(head, endpoint)
  if not delivery or delivery[STAGE] ~= BEHIND then
    return false
  end
  delivery[STAGE], delivery[DUE_AT] = UNTRIED, delivery[CREATED_AT]
  save(head, endpoint, delivery)
  enqueue(head, endpoint, delivery)
  return true
end

local function first_of(queue, endpoint)
  return tonumber(call('ZRANGE', p .. queue .. endpoint, 0, 0, 'WITHSCORES')[2])
end

local function earlier(one, other)
  return one and other and math.min(one, other) or one or other
end

-- The last thing that a script does: tell when each endpoint that it changed has something to claim.
local function refresh()
  for endpoint in pairs(touched) do
    local first = earlier(first_of('untried:', endpoint), first_of('tried:', endpoint))
    first = earlier(first, first_of('leased:', endpoint))
    if first then
      call('ZADD', p .. 'due', first, endpoint)
    else
      call('ZREM', p .. 'due', endpoint)
    end
  end
end
