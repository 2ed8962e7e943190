-- Make a person unknown here, if what that was decided on still holds, and note what is to be looked for.
--
-- ARGV[1]  (MessagePack) {erasure, checks, writes, indexes, note (JSON)}
--   checks, writes  flat: hash, field, value or false
--   indexes         flat: sorted set, member, score or false
-- Returns (MessagePack) flat: hash, field, value or false of what does not hold; nothing of it: it is done
-- An erasure takes once, and only what was there: who comes back after that is somebody new.

local given = cmsgpack.unpack(ARGV[1])
local erasure, checks, writes, indexes, note = given[1], given[2], given[3], given[4], given[5]

local function wrong_cells()
  local wrong = {}
  for i = 1, #checks, 3 do
    local value = value_of(checks[i], checks[i + 1])
    if value ~= checks[i + 2] then
      wrong[#wrong + 1], wrong[#wrong + 2], wrong[#wrong + 3] = checks[i], checks[i + 1], value
    end
  end
  return wrong
end

if call('HEXISTS', p .. 'erasures', erasure) == 1 then
  return cmsgpack.pack({})
end
local wrong = wrong_cells()
if #wrong > 0 then
  return cmsgpack.pack(wrong)
end
for i = 1, #writes, 3 do
  if writes[i + 2] then
    call('HSET', p .. writes[i], writes[i + 1], writes[i + 2])
  else
    call('HDEL', p .. writes[i], writes[i + 1])
  end
end
for i = 1, #indexes, 3 do
  if indexes[i + 2] then
    call('ZADD', p .. indexes[i], text(indexes[i + 2]), indexes[i + 1])
  else
    call('ZREM', p .. indexes[i], indexes[i + 1])
  end
end
call('HSET', p .. 'erasures', erasure, (call('GET', p .. 'last') or '0') .. ' 0 0')
call('HSET', p .. 'traces', erasure, note)
return cmsgpack.pack({})
