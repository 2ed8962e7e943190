-- Note the ends of deliveries that a sweep has gone past: what it left to them may go now.

local swept

local function newest_attempt(key)
  local newest, fields = 0, call('HGETALL', p .. 'deliveries:' .. key)
  for i = 1, #fields, 2 do
    if string.find(fields[i], ' ', 1, true) then
      newest = math.max(newest, tonumber(string.match(fields[i + 1], '^%[(%d+)')))
    end
  end
  return newest
end

local function note_end(key)
  swept = swept or call('MGET', p .. 'swept_elements', p .. 'swept_attempts')
  if swept[1] and tonumber(key) <= tonumber(swept[1]) then
    call('ZADD', p .. 'late_elements', key, key)
  end
  if swept[2] and tonumber(key) <= tonumber(swept[2]) then
    call('ZADD', p .. 'late_attempts', text(newest_attempt(key)), key)
  end
end
