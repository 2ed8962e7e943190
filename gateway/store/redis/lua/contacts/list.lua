-- A part of the list of contacts.
--
-- ARGV[1]  (MessagePack) {lists, within, end, order, limit, budget, platform, identity, kind, stale, name}
--   lists    flat: ZSET, where to begin in it; who is in any of them is listed
--   within   ZSETs; who is in none of them is left out, if there are any
--   end      where all lists end, but not what an identity or a rare name finds;  order  "asc" or "desc"
--   limit    how many;  budget  how many to look at before coming back
--   platform, identity (its value), kind  that they must have, "" for any
--   stale    1 or 0, "" for any; of who is known in other shards too, those may say otherwise;  name  how it begins, in lower case
-- Returns (MessagePack) {flat: ZSET and where to go on in it, flat: key, record}

local asked = cmsgpack.unpack(ARGV[1])
local lists, within, last, ascending = asked[1], asked[2], asked[3], asked[4] == 'asc'
local limit, budget = asked[5], asked[6]
local platform, value, kind, stale, name = asked[7], asked[8], asked[9], asked[10], asked[11]
local CHUNK, FEW = 200, 500
local range = ascending and 'ZRANGEBYSCORE' or 'ZREVRANGEBYSCORE'
local rest, found, known = {}, {}, {}

local function stands_in(set, member)
  return call('ZSCORE', p .. set, member)
end

local function in_any(sets, member)
  for _, set in ipairs(sets) do
    if stands_in(set, member) then
      return true
    end
  end
  return #sets == 0
end

local function is_named(key)
  local row = cjson.decode(call('HGET', p .. 'contacts', key))
  return type(row[2]) == 'string' and string.sub(string.lower(row[2]), 1, #name) == name
end

local function fits(member, key)
  if platform ~= '' and string.match(member, '%S+$') ~= platform then
    return false
  end
  if value == '' and kind ~= '' and not stands_in('people:kind:' .. kind, member) then
    return false
  end
  if stale ~= '' and (stands_in('people:stale', member) and 1 or 0) ~= stale
    and not stands_in('people:spread', member) then
    return false
  end
  return in_any(within, member) and (name == '' or is_named(key))
end

-- Take a contact in, if it fits; 1 if it does.
local function add(member)
  local key = string.match(member, '^%d+')
  if known[key] == nil then
    known[key] = fits(member, key)
    found[#found + 1] = known[key] and key or nil
  end
  return known[key] and 1 or 0
end

-- Go through a list in its order.
local function walk(list, from)
  local fitting = 0
  while fitting <= limit do
    if budget <= 0 then
      rest[#rest + 1], rest[#rest + 2] = list, from
      return
    end
    local members = call(range, p .. list, from, last, 'LIMIT', 0, CHUNK)
    for _, member in ipairs(members) do
      fitting = fitting + add(member)
    end
    if #members < CHUNK then
      return
    end
    budget = budget - CHUNK
    from = '(' .. string.match(members[#members], '^%d+')
  end
end

-- Take in who stands in an index from `begin` on, if a list has them too.
local function pick(index, begin, pattern)
  local sets = {}
  for i = 1, #lists, 2 do
    sets[#sets + 1] = lists[i]
  end
  for _, entry in ipairs(call('ZRANGEBYLEX', p .. index, '[' .. begin, '[' .. begin .. '\255')) do
    local its_kind, member = string.match(string.sub(entry, #begin + 1), pattern)
    if member and (value == '' or kind == '' or kind == its_kind) and in_any(sets, member) then
      add(member)
    end
  end
end

local function is_rare(begin)
  return call('ZLEXCOUNT', p .. 'people:names', '[' .. begin, '[' .. begin .. '\255') <= FEW
end

if value ~= '' then
  pick('people:values', value .. '\n', '^(%S+)\n(%d+ %S+)$')
elseif name ~= '' and is_rare(name) then
  pick('people:names', name, '(\n)(%d+ %S+)$')
else
  for i = 1, #lists, 2 do
    walk(lists[i], lists[i + 1])
  end
end
local rows = {}
for _, key in ipairs(found) do
  rows[#rows + 1], rows[#rows + 2] = key, call('HGET', p .. 'contacts', key)
end
return cmsgpack.pack({rest, rows})
