-- Make a person unknown here, if what that was decided on still holds, and note what is to be looked for; needs `records/changes`.
--
-- ARGV[1]  (MessagePack) {erasure, period, checks, values, indexes, note (JSON)}, as `intake/commit` has them
-- Returns (MessagePack) flat: hash, field, value or false of what does not hold; nothing of it: it is done
-- An erasure takes once, and only what was there: who comes back after that is somebody new.

local given = cmsgpack.unpack(ARGV[1])
local erasure, period, checks, values, indexes, note = given[1], given[2], given[3], given[4], given[5], given[6]

if call('HEXISTS', p .. 'erasures', erasure) == 1 then
  return cmsgpack.pack({})
end
local wrong = wrong_cells(checks)
if #wrong > 0 then
  return cmsgpack.pack(wrong)
end
write(values, period)
index(indexes)
call('HSET', p .. 'erasures', erasure, (call('GET', p .. 'last') or '0') .. ' 0 0')
call('HSET', p .. 'traces', erasure, note)
return cmsgpack.pack({})
