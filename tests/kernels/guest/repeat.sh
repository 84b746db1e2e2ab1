# ll-repeat recognises this kernel's vDSO, and controls time and random bytes.

repeat() { capture ${as} /test/ll-repeat "$@"; }

# Every call returns that time; a running clock may be some seconds later.
all_say_then() {
  local line
  while IFS= read -r line; do
    case ${line} in
      'bad address EFAULT' | 'bad clock EINVAL') ;;
      *' 9466848'[0-5][0-9]) ;;
      *) wrong "'${line}'" ;;
    esac
  done <<END
${output}
END
}

for mode in 2000-01-01,frozen 2000-01-01; do
  repeat --clock "${mode}" -- /test/held times
  [ "${status}${errors}" = 0 ] || wrong 'times'
  all_say_then
  capture ${as} /test/held waits
  bare=${output}
  repeat --clock "${mode}" -- /test/held waits
  [ "${output}" = "${bare}" ] || wrong "waits: ${output}"
  verdict "ll-repeat --clock ${mode}"
done

for what in bytes tree threads; do
  repeat --seed 42 -- /test/held "${what}"
  first=${output}
  [ "${status}${errors}${first:+ says}" = '0 says' ] || wrong "${what}"
  repeat --seed 42 -- /test/held "${what}"
  [ "${output}" = "${first}" ] || wrong "${what} again"
  repeat --seed 43 -- /test/held "${what}"
  [ "${output}" != "${first}" ] || wrong "${what} of another seed"
done
verdict 'll-repeat --seed'

repeat --seed 1 -- /test/ll-repeat --seed 2 -- /test/held bytes
[ "${status}${output}" = 125 ] || wrong 'twice'
verdict 'll-repeat under ll-repeat is refused'
