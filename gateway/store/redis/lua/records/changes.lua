-- Records and the sorted sets that lead to them: what is not so any more, and what they become.

local periods, recent = {}, {}

local function wrong_cells(checks)
  local wrong = {}
  for i = 1, #checks, 3 do
    local value = value_of(checks[i], checks[i + 1])
    if value ~= checks[i + 2] then
      wrong[#wrong + 1], wrong[#wrong + 2], wrong[#wrong + 3] = checks[i], checks[i + 1], value
    end
  end
  return wrong
end

local function remember(kind, period, bucket, field, value)
  if not periods[period] then
    periods[period] = text(period)
    recent = {}
    call('ZADD', p .. 'periods', period, periods[period])
  end
  call('HSET', p .. kind .. ':' .. periods[period] .. ':' .. bucket, field, value)
end

local function write(writes)
  for i = 1, #writes, 3 do
    if writes[i + 2] then
      call('HSET', p .. writes[i], writes[i + 1], writes[i + 2])
    else
      call('HDEL', p .. writes[i], writes[i + 1])
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
