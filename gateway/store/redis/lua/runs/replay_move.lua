-- Tell how a replay stands, unless it has ended meanwhile. Safe to repeat.
--
-- ARGV  id, state, deliveries made due ("" to leave it), when the next step is due, when it ended or ""
-- Returns its record (JSON), or nothing

local id, state, done, due_at, finished_at = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local text_of = call('HGET', p .. 'replays', id)
if not text_of then
  return false
end
local number = string.format('%016d', call('ZSCORE', p .. 'replays_order', id))
local member = number .. ' ' .. id
if not call('ZSCORE', p .. 'replays_due', member) then
  return text_of
end
if done ~= '' then
  text_of = string.gsub(text_of, '"done":%d+', '"done":' .. done, 1)
end
if state == 'running' then
  call('ZADD', p .. 'replays_due', due_at, member)
else
  text_of = string.gsub(text_of, '"state":"running"', '"state":"' .. state .. '"', 1)
  text_of = string.gsub(text_of, '"finished_at":null', '"finished_at":' .. finished_at, 1)
  call('ZREM', p .. 'replays_due', member)
  call('ZADD', p .. 'replays_finished', finished_at, id)
end
call('HSET', p .. 'replays', id, text_of)
return text_of
