-- Records and the sorted sets that lead to them: what is not so any more, and what they become.
--
-- All are flat: hash, field, value or ""; sorted set, member, score or false.

local periods, recent = {}, {}

local function wrong_cells(checks)
  local wrong = {}
  for i = 1, #checks, 3 do
    local value = value_of(checks[i], checks[i + 1])
    if (value or '') ~= checks[i + 2] then
      wrong[#wrong + 1], wrong[#wrong + 2], wrong[#wrong + 3] = checks[i], checks[i + 1], value
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
  for i = 1, #values, 3 do
    local hash, field, value = values[i], values[i + 1], values[i + 2]
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
  for i = 1, #indexes, 3 do
    if indexes[i + 2] then
      call('ZADD', p .. indexes[i], text(indexes[i + 2]), indexes[i + 1])
    else
      call('ZREM', p .. indexes[i], indexes[i + 1])
    end
  end
end
