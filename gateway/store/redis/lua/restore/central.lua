-- Write what another store held of what belongs to no shard. Safe to repeat.
--
-- ARGV[1]  (MessagePack) {hashes, sets, values}
--   hashes  flat: hash, field, value
--   sets    flat: ZSET, score, member
--   values  flat: key, number; the greatest stays

local content = cmsgpack.unpack(ARGV[1])

for i = 1, #content[1], 3 do
  call('HSET', p .. content[1][i], content[1][i + 1], content[1][i + 2])
end
for i = 1, #content[2], 3 do
  call('ZADD', p .. content[2][i], text(content[2][i + 1]), content[2][i + 2])
end
for i = 1, #content[3], 2 do
  local before = tonumber(call('GET', p .. content[3][i]) or 0)
  call('SET', p .. content[3][i], text(math.max(before, content[3][i + 1])))
end
