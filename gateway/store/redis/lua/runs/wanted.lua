-- Whether a replay takes an event, by its deliveries; needs `events/again`.

local function is_wanted(key, endpoint, known, wanted, unrouted)
  local customers, _, _, marks = header(key)
  if not customers or string.find(marks, 'e', 1, true) then
    return false
  end
  if (unrouted and customers ~= '') or (not unrouted and not has(customers, known.customer)) then
    return false
  end
  local delivery = load(key, endpoint)
  local stage = delivery and delivery[STAGE]
  if wanted == 'dead' then
    return stage == DEAD
  end
  local on_its_way = stage and stage <= BEHIND and stage ~= TRIED
  return not on_its_way and not (wanted == 'missing' and stage == DELIVERED)
end
