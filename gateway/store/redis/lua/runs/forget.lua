-- Forget how far replays and re-normalisations had come here. Safe to repeat.
--
-- ARGV  their ids

for _, id in ipairs(ARGV) do
  call('DEL', p .. 'replay:' .. id)
  call('HDEL', p .. 'renormalised', id)
end
