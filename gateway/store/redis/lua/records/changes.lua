-- Records and the sorted sets that lead to them: what is not so any more, and what they become.
--
-- All of them are maps: {hash, field} -> value or "", {sorted set, member} -> score or false.

local periods, recent = {}, {}

local function wrong_cells(checks)
  local wrong = {}
  for cell, presumed in pairs(checks) do
    local value = value_of(cell[1], cell[2])
    if (value or '') ~= presumed then
      wrong[#wrong + 1], wrong[#wrong + 2], wrong[#wrong + 3] = cell[1], cell[2], value
    end
  end
  return wrong
end

local function remember(kind, period, name, value)
  if not periods[period] then
    periods[period] = text(period)
    recent = {}
    call('ZADD', p .. 'periods', period, periods[period])
  end
  local bucket, field = string.sub(name, 1, 4), string.sub(name, 5)
  call('HSET', p .. kind .. ':' .. periods[period] .. ':' .. bucket, field, value)
end

local function write(values, period)
  for cell, value in pairs(values) do
    local hash, field = cell[1], cell[2]
    if BY_PERIOD[hash] then
      remember(hash, period, field, value)
    elseif value ~= '' then
      call('HSET', p .. hash, field, value)
    else
      call('HDEL', p .. hash, field)
    end
  end
end

local function index(indexes)
  for place, score in pairs(indexes) do
    if score then
      call('ZADD', p .. place[1], text(score), place[2])
    else
      call('ZREM', p .. place[1], place[2])
    end
  end
end
