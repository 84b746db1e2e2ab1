# Executing programs: grants of reading or writing do not include it.

triad 'running' EACCES '--rx /srv/bin' exec /srv/bin/probe exit 0
for grant in --ro --rw; do
  refused "running with ${grant}" EACCES box "${grant}" /srv/bin -- "${probe}" exec /srv/bin/probe exit 0
done
capture box --ro /srv/bin -- /srv/bin/probe exit 0
[ "${status}" = 126 ] || wrong 'the status is not 126'
verdict 'a command that is not granted has exit status 126'
capture box -- "${probe}" exit 42
[ "${status}${errors}" = 42 ] || wrong 'another status'
verdict "the command's status is passed on"
capture box -- "${probe}" raise 9
[ "${status}" = 137 ] || wrong 'another status'
verdict "the command's signal is passed on"
