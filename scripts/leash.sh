#!/bin/sh
# Runs a command that must not outlive whoever started it: leash.sh process|group COMMAND [ARGUMENT...]
# Standard input is the leash. When it closes, because the starter let go or was killed (even by SIGKILL, which no handler sees),
# or when SIGTERM comes, the command gets SIGTERM: alone, or with everything it started (`group`). Once it has ended, or 5 s after the
# leash was let go, SIGKILL ends what is left of the group. Start it as the leader of a process group of its own.
reach=$1
shift
target=
asked=
# A signal ends the command, not this shell: its exit code is still to be passed on. It may come before the command is known here.
pass_on() {
  asked=yes
  trap : TERM INT HUP
  [ -z "$target" ] || kill -TERM "$target" 2>/dev/null
}
trap pass_on TERM INT HUP

exec 9<&0 </dev/null
"$@" 9<&- &
child=$!
if [ "$reach" = group ]; then target="-$$"; else target=$child; fi
[ -z "$asked" ] || pass_on

(
  trap '' TERM
  while read -r _ <&9; do :; done
  kill -TERM "$target"
  tries=0
  while kill -0 "$child" 2>/dev/null && [ "$tries" -lt 50 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
  kill -KILL "-$$"
) >/dev/null 2>&1 &
watcher=$!
exec 9<&-

while :; do
  wait "$child"
  code=$?
  kill -0 "$child" 2>/dev/null || break
done
kill -KILL "$watcher" 2>/dev/null
exit "$code"
