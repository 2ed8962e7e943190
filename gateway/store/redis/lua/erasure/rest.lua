-- Delete the lists of conversations, and the note of an erasure, whose state stays. Safe to repeat.
--
-- ARGV  erasure, conversations

for i = 2, #ARGV do
  call('UNLINK', p .. 'conversation:' .. ARGV[i])
end
call('HDEL', p .. 'traces', ARGV[1])
