-- Make a person unknown here, if what that was decided on still holds, and note what is to be looked for.
--
-- ARGV[1]  (MessagePack) {erasure, checks, writes, note (JSON)}
--   checks, writes  flat: hash, field, value or false
-- Returns (MessagePack) flat: hash, field, value or false of what does not hold; nothing at all: it is done
-- An erasure takes once: who comes back after that is somebody new.

local given = cmsgpack.unpack(ARGV[1])
local erasure, checks, writes = given[1], given[2], given[3]
if call('HEXISTS', p .. 'erasures', erasure) == 1 then
  return cmsgpack.pack({})
end
local wrong = {}
for i = 1, #checks, 3 do
  local value = value_of(checks[i], checks[i + 1])
  if value ~= checks[i + 2] then
    wrong[#wrong + 1], wrong[#wrong + 2], wrong[#wrong + 3] = checks[i], checks[i + 1], value
  end
end
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
call('HSET', p .. 'erasures', erasure, (call('GET', p .. 'last') or '0') .. ' 0 0')
call('HSET', p .. 'traces', erasure, given[4])
return cmsgpack.pack({})
