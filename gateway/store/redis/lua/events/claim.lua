-- Lease what is due for one endpoint, oldest first.
--
-- ARGV  endpoint, now, how long a lease lasts (ms), how many untried, how many tried
-- Returns {first moment at which more is due or "", job …}, a job being
--   {key, claim, tries, created at, first failed at or "", replay 1 or 0, form or "", the event}

local endpoint, now, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local EXPIRED, AHEAD, SKEW = 1000, 100, 2000

if redis.replicate_commands then
  redis.replicate_commands()  -- before Redis 7, a script that reads the clock has to ask for it
end

-- Whoever is behind by Redis' own clock leaves to others what only seems to come too early: nobody would see its leases.
local function is_behind()
  local clock = call('TIME')
  return now < clock[1] * 1000 + math.floor(clock[2] / 1000) - SKEW
end

-- Whoever had it is dead or too late: it falls due by itself.
local function void_expired()
  for _, key in ipairs(call('ZRANGEBYSCORE', p .. 'leased:' .. endpoint, '-inf', now, 'LIMIT', 0, EXPIRED)) do
    local delivery = load(key, endpoint)
    dequeue(key, endpoint, delivery)
    delivery[STAGE], delivery[DUE_AT] = delivery[TRIES] > 0 and TRIED or UNTRIED, delivery[CREATED_AT]
    save(key, endpoint, delivery)
    enqueue(key, endpoint, delivery)
  end
end

-- Taken in by a process whose clock is ahead of this one's, and not put off since: it is due as it is.
local function is_from_ahead(delivery)
  return delivery[CREATED_AT] > now and delivery[DUE_AT] == delivery[CREATED_AT]
end

local function lease_out(key, delivery, jobs)
  dequeue(key, endpoint, delivery)
  delivery[STAGE], delivery[DUE_AT], delivery[CLAIM] = LEASED, now + lease, delivery[CLAIM] + 1
  save(key, endpoint, delivery)
  enqueue(key, endpoint, delivery)
  jobs[#jobs + 1] = {
    key, delivery[CLAIM], delivery[TRIES], delivery[CREATED_AT], delivery[FIRST_FAILED] or '',
    delivery[REPLAY] and 1 or 0, delivery[FORM] or '', call('GET', p .. 'event:' .. key),
  }
end

local function take(queue, limit, jobs)
  if limit <= 0 then
    return
  end
  for _, key in ipairs(call('ZRANGEBYSCORE', p .. queue .. endpoint, '-inf', now, 'LIMIT', 0, limit)) do
    lease_out(key, load(key, endpoint), jobs)
  end
end

-- The same with what only a clock says is not due; whether there is more of it.
local function take_from_ahead(limit, jobs)
  local before = #jobs
  local later = call('ZRANGEBYSCORE', p .. 'untried:' .. endpoint, '(' .. now, '+inf', 'LIMIT', 0, AHEAD)
  if #later == 0 or is_behind() then
    return false
  end
  for _, key in ipairs(later) do
    local delivery = load(key, endpoint)
    if is_from_ahead(delivery) then
      if #jobs > limit then
        return true
      end
      lease_out(key, delivery, jobs)
    end
  end
  return #jobs - before == AHEAD
end

local jobs = {''}
if call('HEXISTS', p .. 'endpoints', endpoint) == 1 then
  void_expired()
  take('untried:', tonumber(ARGV[4]), jobs)
  local more = take_from_ahead(tonumber(ARGV[4]), jobs)
  take('tried:', tonumber(ARGV[5]), jobs)
  refresh()
  jobs[1] = more and now or earlier(first_of('untried:', endpoint), first_of('tried:', endpoint)) or ''
end
return jobs
