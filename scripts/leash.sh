#!/bin/sh
# Runs a command that must not outlive whoever started it: leash.sh COMMAND [ARGUMENT...]
# Standard input is the leash. When it closes, because the starter let go or was killed (even by SIGKILL, which no handler sees),
# the whole process group gets SIGTERM and, 5 s later, SIGKILL. Start it as the leader of a process group of its own.
exec 9<&0 </dev/null
"$@" 9<&- &
child=$!

(
  while read -r _ <&9; do :; done
  trap '' TERM
  kill -TERM "-$$"
  tries=0
  while kill -0 "$child" 2>/dev/null && [ "$tries" -lt 50 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
  kill -KILL "-$$"
) >/dev/null 2>&1 &
watcher=$!
exec 9<&-

# A signal ends the command, not this shell: its exit code is still to be passed on.
trap : TERM INT HUP
while :; do
  wait "$child"
  code=$?
  kill -0 "$child" 2>/dev/null || break
done
kill -KILL "$watcher" 2>/dev/null
exit "$code"
