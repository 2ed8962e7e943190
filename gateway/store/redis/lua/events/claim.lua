-- Lease what is due for one endpoint, oldest first.
--
-- ARGV  endpoint, now, how long a lease lasts (ms), how many untried, how many tried
-- Returns {first moment at which more is due or "", job …}, a job being
--   {key, claim, tries, created at, first failed at or "", replay 1 or 0, form or "", the event}

local endpoint, now, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local EXPIRED = 1000

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

local function take(queue, limit, jobs)
  if limit <= 0 then
    return
  end
  for _, key in ipairs(call('ZRANGEBYSCORE', p .. queue .. endpoint, '-inf', now, 'LIMIT', 0, limit)) do
    local delivery = load(key, endpoint)
    dequeue(key, endpoint, delivery)
    delivery[STAGE], delivery[DUE_AT], delivery[CLAIM] = LEASED, now + lease, delivery[CLAIM] + 1
    save(key, endpoint, delivery)
    enqueue(key, endpoint, delivery)
    jobs[#jobs + 1] = {
      key, delivery[CLAIM], delivery[TRIES], delivery[CREATED_AT], delivery[FIRST_FAILED] or '',
      delivery[REPLAY] and 1 or 0, delivery[FORM] or '', call('GET', p .. 'event:' .. key),
    }
  end
end

local jobs = {''}
if call('HEXISTS', p .. 'endpoints', endpoint) == 1 then
  void_expired()
  take('untried:', tonumber(ARGV[4]), jobs)
  take('tried:', tonumber(ARGV[5]), jobs)
  refresh()
  jobs[1] = earlier(first_of('untried:', endpoint), first_of('tried:', endpoint)) or ''
end
return jobs
