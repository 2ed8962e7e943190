-- Make the next deliveries of a replay due and move its position, unless another process has done so.
--
-- ARGV  replay, the position it was decided at, the position after all keys, 1 if it ends there;
--       endpoint, which deliveries are wanted, 1 if only what nobody owns; now, how many at most; keys …
-- Returns {how many were made due, how many of all its steps, 1 if it has ended here}

local name, at, beyond, ends = p .. 'replay:' .. ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
local endpoint, wanted, unrouted = ARGV[5], ARGV[6], ARGV[7] == '1'
local now, limit = tonumber(ARGV[8]), tonumber(ARGV[9])
local known, made, reached = endpoint_of(endpoint), 0, beyond

local state = call('HMGET', name, 'position', 'done', 'ended')
if not known or (state[1] and state[1] ~= at) then
  return {0, tonumber(state[2] or 0), tonumber(state[3] or 0)}
end
for i = 10, #ARGV do
  local key = ARGV[i]
  if is_wanted(key, endpoint, known, wanted, unrouted) then
    if made == limit then
      ends = false
      break
    end
    if unrouted then
      give(key, known.customer)
    end
    again(key, endpoint, known, now)
    made = made + 1
    reached = key
  end
end
if ends or made < limit then
  reached = beyond
end
local done = tonumber(state[2] or 0) + made
call('HSET', name, 'position', reached, 'done', done, 'ended', ends and 1 or 0)
refresh()
return {made, done, ends and 1 or 0}
