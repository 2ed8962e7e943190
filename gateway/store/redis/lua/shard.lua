-- What every script of a shard begins with.
--
-- KEYS[1]  the prefix of the shard, with its hash tag; all keys below begin with it:
--
--   database                 the name of the database that this is a part of
--   last                     the key of the last event: milliseconds * 4096 + a counter; it only grows
--   events                   ZSET  all events:                       member "<key> <name> <platform> <page>"
--   customer:<id>            ZSET  keys of what a customer may see (no id: of what nobody owns)
--   conversation:<id>        ZSET  keys of the events of a conversation
--                            (in both, members of older versions go on behind the key as in `events`)
--   event:<key>              the event: "<customers>\n<conversation>\n<1 if numbered>\n<marks>\n<P or Z><bytes>"
--                            marks: the revision, if not the first; s superseded; x without an element;
--                            e without its content
--   pressed                  the key up to which events were handed out to be compressed
--   deliveries:<key>         HASH  endpoint -> delivery (packed); "<endpoint> <claim>" -> attempt (JSON)
--   untried:<endpoint>       ZSET  key of an event, by the moment it is due
--   tried:<endpoint>         ZSET  the same for deliveries that were tried
--   leased:<endpoint>        ZSET  key of an event, by the end of its lease
--   line:<endpoint>:<conversation>  ZSET  keys of the events whose deliveries are open, in order
--   due                      ZSET  endpoint, by the first moment at which something can be claimed
--   of:<endpoint>            ZSET  keys of the events that have a delivery to it, open or finished
--   dead:<endpoint>          ZSET  keys of the events whose delivery ended without success
--   counts                   HASH  "<endpoint> pending", "<endpoint> failed" -> open deliveries
--   endpoints                HASH  endpoint -> "<push or pull> <lease in ms> <1 if ordered, else 0> <form> <customer>"
--   acknowledged             HASH  endpoint that pulls -> the key up to which it has everything
--   identities contacts conversations groups held     HASHes of records (JSON), read and checked by `commit`
--   contact_ids consents profiles pages pictures      the same; what they are about:
--     identities             "<platform>\n<kind>\n<scope>\n<value>" -> key of the contact
--     contacts               key -> record: names, identities, conversations, what is rare
--                            (records/contact_row.py)
--     contact_ids            id of a contact, or of one that was merged into it -> key of the contact
--     consents               key of a contact -> what it agreed to, page by page and topic by topic
--     profiles               the name of an identity -> what the platform told of it
--     pages                  number of a page -> "<platform>\n<page id>"
--     pictures               a picture on a page -> the mark of the name of who has it, "*" if they are several
--   people:<platform> people:page:<number> people:kind:<kind> people:stale people:spread
--                            ZSETs  contacts by their keys, in each where it belongs   member "<key> <platform>"
--                            spread: other shards have a record of the contact; stale: one of them may say so
--   people:names             ZSET  "<name in lower case>\n<member>", in lexical order as the next two are
--   people:values            ZSET  "<value of an identity>\n<kind>\n<member>"
--   people:looks             ZSET  "<hash of name and picture>\n<member>" of identities that are stale
--                            all of these follow from the records in `contacts` (index_entries)
--   outgoing                 HASH  id of a message on its way out -> "<customer>\n<platform>\n<page>\n<state>\n<JSON>"
--   outgoing_parts           HASH  the platform's id of a part, hashed -> "<id of ours> <number of the part>"
--   outgoing_lines           HASH  "<page>\n<line>" -> the greatest key in it, ids of what is open and not behind
--   outgoing_order outgoing_customer:<id> outgoing_conversation:<id>  ZSETs  ids of messages, by key
--   outgoing_due:<platform> <page>   ZSET  ids of what waits, by when it is due
--   outgoing_behind:<page>\n<line>   ZSET  ids of what waits behind others of its line, by key
--   outgoing_leased outgoing_unsettled   ZSETs  ids of what is leased or begun, of what nobody knows, by due time
--   outgoing_done            ZSET  ids of what has nothing left to do, by key
--   outgoing_unread:<conversation>   ZSET  ids of what is not read there, by when it was begun
--   outgoing_pages           ZSET  "<platform> <page>" that may have something waiting
--   parties                  HASH  conversation -> its key, its page, contact or group, whether it goes on
--   conversations_of:<page>  ZSET  conversations that go on, by key
--   held_until               ZSET  field of `held`, by the moment at which it is let go
--   seen:<period>:<bucket>   HASH  event id -> key of the event ("" if it is not stored)
--   known:<period>:<bucket>  HASH  message of a conversation -> 1
--   rank:<period>:<bucket>   HASH  message -> its highest status
--   departed:<period>:<bucket>  HASH  keyed hash of an identity of somebody who was erased -> the period of it
--   replay:<id>              HASH  how far a replay has come here: position, done, ended
--   swept_elements swept_attempts   the key up to which elements, attempts were looked at for being too old
--   late_elements            ZSET  keys of events behind that, whose deliveries have ended since
--   late_attempts            ZSET  the same, by the moment of their newest attempt
--   emptying                 ZSET  keys of events whose content goes when they have arrived
--   emptying_from            HASH  customer -> the key up to which the customer's events were put there
--   renormalised             HASH  re-normalisation -> its step that was last applied here, and its counts
--   erasures                 HASH  erasure -> "<last event before it> <last one looked at> <how many it removed>";
--                            one that is over stays, so that it takes nobody twice
--   traces                   HASH  erasure under way -> what was known of the person here (JSON)
--   erased_conversations     HASH  hash of the id of a conversation -> 1: the id is never given again
--   tallied                  the key up to which events were counted for usage
--   usage:<month>            HASH  "<customer>\n<platform>\n<page> <received, sent or conversations>" -> number
--   counted:<month>          SET   hashes of the conversations and customers that were counted in it
--   counted                  ZSET  the months that have such sets, as numbers
--   forgotten                the bucket up to which the oldest period has been deleted
--   periods                  ZSET  the periods of four days that have such hashes

local p = KEYS[1]
local call = redis.call

local UNTRIED, TRIED, LEASED, BEHIND, DELIVERED, DEAD = 0, 1, 2, 3, 4, 5
local QUEUES = {[UNTRIED] = 'untried:', [TRIED] = 'tried:', [LEASED] = 'leased:'}

-- A delivery is an array: false stands for what is not there, as a FORM for `native`. SETTLED, which need not be
-- there, is the number of the report that moved it last.
local STAGE, DUE_AT, CLAIM, TRIES, FIRST_FAILED, REPLAY, CREATED_AT, LINE, ATTEMPTS, FINISHED_AT, FORM, SETTLED =
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12

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

local function endpoint_of(id)
  local found = call('HGET', p .. 'endpoints', id)
  local kind, lease, ordered, form, customer = string.match(found or '', '^(%a+) (%d+) (%d) (%S+) (.*)$')
  return kind and {
    pulls = kind == 'pull', lease = tonumber(lease), ordered = ordered == '1',
    form = form ~= 'native' and form, customer = customer,
  }
end

-- What an event says of itself: whose it is, its conversation, whether it has a number in it, its marks.
local function header(key)
  local event = call('GETRANGE', p .. 'event:' .. key, 0, 4095)
  return string.match(event, '^([^\n]*)\n([^\n]*)\n(1?)\n([^\n]*)\n')
end

-- Of what is kept by period, the greatest value.
local ages
local function highest_of(hash, field)
  ages = ages or call('ZRANGE', p .. 'periods', 0, -1)
  local highest = false
  for _, period in ipairs(ages) do
    local value = call('HGET', p .. hash .. ':' .. period .. ':' .. string.sub(field, 1, 4), string.sub(field, 5))
    if value and (not highest or value > highest) then
      highest = value
    end
  end
  return highest
end

-- The members of a sorted set with scores in a range, each in a line, as "<name>\n<from>\n<to>\n<how many>" says.
local function range_of(field)
  local name, from, to, limit = string.match(field, '^(.*)\n(%S+)\n(%S+)\n(%S+)$')
  local members = call('ZRANGEBYSCORE', p .. name, from, to, 'LIMIT', 0, limit)
  return #members > 0 and table.concat(members, '\n')
end

-- Kinds of records that are forgotten some day. Their names are 16 hexadecimal digits.
local BY_PERIOD = {known = true, rank = true, departed = true}

-- The value of a record. Three are no hashes: `heads` are those of events, `ever` whether an id is known,
-- `ranges` are parts of sorted sets.
local function value_of(hash, field)
  if BY_PERIOD[hash] then
    return highest_of(hash, field)
  elseif hash == 'heads' then
    local head = call('GETRANGE', p .. 'event:' .. field, 0, 4095)
    return string.match(head, '^([^\n]*\n[^\n]*\n1?\n[^\n]*)\n') or false
  elseif hash == 'ever' then
    return highest_of('seen', field) and '1'
  elseif hash == 'ranges' then
    return range_of(field)
  end
  return call('HGET', p .. hash, field)
end

-- Endpoints from whose queues something was taken, the first moment of what was put into others.
local touched, soonest, counts = {}, {}, {}

-- Count a delivery in or out, as it stands now.
local function count(endpoint, delivery, by)
  if delivery[STAGE] <= BEHIND then
    local name = endpoint .. (delivery[TRIES] > 0 and ' failed' or ' pending')
    counts[name] = (counts[name] or 0) + by
  end
end

-- Put a delivery where its stage says that it waits.
local function enqueue(key, endpoint, delivery)
  local queue = QUEUES[delivery[STAGE]]
  if queue then
    local moment = delivery[DUE_AT]
    call('ZADD', p .. queue .. endpoint, moment, key)
    soonest[endpoint] = math.min(soonest[endpoint] or moment, moment)
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
  return p .. 'line:' .. endpoint .. ':' .. line
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
  for endpoint, moment in pairs(soonest) do
    if not touched[endpoint] then
      call('ZADD', p .. 'due', 'LT', moment, endpoint)
    end
  end
  for endpoint in pairs(touched) do
    local first = earlier(first_of('untried:', endpoint), first_of('tried:', endpoint))
    first = earlier(first, first_of('leased:', endpoint))
    if first then
      call('ZADD', p .. 'due', first, endpoint)
    else
      call('ZREM', p .. 'due', endpoint)
    end
  end
  for name, by in pairs(counts) do
    if by ~= 0 then
      call('HINCRBY', p .. 'counts', name, by)
    end
  end
end
