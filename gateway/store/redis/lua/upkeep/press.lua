-- Put the compressed bodies of events in the place of their bodies. Safe to repeat.
--
-- ARGV  flat: key of an event, its body, compressed

for i = 1, #ARGV, 2 do
  local name = p .. 'event:' .. ARGV[i]
  local head, form = string.match(call('GETRANGE', name, 0, 4095), '^([^\n]*\n[^\n]*\n1?\n[^\n]*\n)(.)')
  if form == 'P' then
    call('SET', name, head .. 'Z' .. ARGV[i + 1])
  end
end
