-- All events that are here were counted where they come from. Safe to repeat.

call('SET', p .. 'tallied', call('GET', p .. 'last') or '0')
