-- A part of the list of contacts.
--
-- ARGV[1]  (MessagePack) {sources, end, order, limit, budget, platform, identity, kind, stale, name}
--   sources   flat: ZSET, where to begin in it; who is in any of them is listed
--   end       where all of them end;  order  "asc" or "desc"
--   limit     of how many, from each;  budget  how many to look at before coming back
--   platform, identity (its value), kind  that they must have, "" for any
--   stale     1 or 0, "" for any;  name  how it begins, in lower case
-- Returns (MessagePack) {flat: ZSET and where to go on in it, flat: key, record}

local asked = cmsgpack.unpack(ARGV[1])
local sources, last, order, limit, budget = asked[1], asked[2], asked[3], asked[4], asked[5]
local platform, value, kind, stale, name = asked[6], asked[7], asked[8], asked[9], asked[10]
local CHUNK, FEW = 200, 500
local ascending = order == 'asc'
local range = ascending and 'ZRANGEBYSCORE' or 'ZREVRANGEBYSCORE'
local rest, found, known = {}, {}, {}

local function in_set(set, member)
  return call('ZSCORE', p .. 'people:' .. set, member)
end

local function is_named(key)
  local row = cjson.decode(call('HGET', p .. 'contacts', key))
  return type(row[2]) == 'string' and string.sub(string.lower(row[2]), 1, #name) == name
end

-- Whether a member has what is asked for, but for what was looked up already.
local function fits(member, key)
  if platform ~= '' and string.match(member, '%S+$') ~= platform then
    return false
  end
  if value == '' and kind ~= '' and not in_set('kind:' .. kind, member) then
    return false
  end
  if stale ~= '' and (in_set('stale', member) and 1 or 0) ~= stale then
    return false
  end
  return name == '' or is_named(key)
end

local function add(member)
  local key = string.match(member, '^%d+')
  if known[key] == nil then
    known[key] = fits(member, key)
    if known[key] then
      found[#found + 1] = key
    end
  end
  return known[key]
end

-- Go through a list in its order.
local function walk(set, from)
  local fitting = 0
  while fitting <= limit do
    if budget <= 0 then
      rest[#rest + 1], rest[#rest + 2] = set, from
      return
    end
    local members = call(range, p .. set, from, last, 'LIMIT', 0, CHUNK)
    for _, member in ipairs(members) do
      fitting = fitting + (add(member) and 1 or 0)
    end
    if #members < CHUNK then
      return
    end
    budget = budget - CHUNK
    from = '(' .. string.match(members[#members], '^%d+')
  end
end

local function is_behind(score, bound)
  local exclusive, limit_of = string.match(bound, '^(%(?)(.*)$')
  local number = tonumber(limit_of) or (limit_of == '+inf' and math.huge) or -math.huge
  if exclusive == '(' then
    return ascending and score > number or not ascending and score < number
  end
  return ascending and score >= number or not ascending and score <= number
end

-- Who is named in an index, if a list has it too.
local function pick(member)
  for i = 1, #sources, 2 do
    local score = tonumber(call('ZSCORE', p .. sources[i], member) or nil)
    if score and is_behind(score, sources[i + 1]) then
      add(member)
      return
    end
  end
end

local function pick_by(index, begin, pattern)
  for _, entry in ipairs(call('ZRANGEBYLEX', p .. index, '[' .. begin, '[' .. begin .. '\255')) do
    local its_kind, member = string.match(string.sub(entry, #begin + 1), pattern)
    if member and (value == '' or kind == '' or kind == its_kind) then
      pick(member)
    end
  end
end

local function is_rare(begin)
  return call('ZLEXCOUNT', p .. 'people:names', '[' .. begin, '[' .. begin .. '\255') <= FEW
end

if value ~= '' then
  pick_by('people:values', value .. '\n', '^(%S+)\n(%d+ %S+)$')
elseif name ~= '' and is_rare(name) then
  pick_by('people:names', name, '(\n)(%d+ %S+)$')
else
  for i = 1, #sources, 2 do
    walk(sources[i], sources[i + 1])
  end
end

table.sort(found, function(one, other)
  local first, second = tonumber(one), tonumber(other)
  return ascending and first < second or not ascending and first > second
end)
local rows = {}
for i = 1, math.min(#found, limit + 1) do
  rows[#rows + 1], rows[#rows + 2] = found[i], call('HGET', p .. 'contacts', found[i])
end
return cmsgpack.pack({rest, rows})
