load helpers

# One sandbox for each of a thousand files: the recipe for GNU parallel.

@test "GNU parallel runs a sandbox for each of 1,000 files, each with its own result, refusals and exit status" {
  needs_time
  needs_program parallel
  local -i i
  mkdir in secret
  printf 'secret\n' >secret/s
  for ((i = 1; i <= 1000; i++)); do printf 'film %d\n' "${i}" >"in/${i}"; done
  for i in 7 500 993; do
    ln -sf ../secret/s "in/${i}"
    # Control
    is "$(<"in/${i}")" secret
  done
  place=$(place_programs ll-exec)
  capture env HOME="${T}" parallel --will-cite -j 4 --joblog log "${place}/ll-exec" -p base --rx /usr/bin --ro in -- \
    /usr/bin/sort {} ::: in/*
  is "${status}" 3
  is "$(grep -c '^film ' <<<"${output}")" 997
  is "$(sort -u <<<"${output}" | wc -l)" 997
  is "$(grep -c 'in/[0-9]*: Permission denied' <<<"${errors}")" 3
  is "$(awk 'NR > 1 && $7 != 0 { print $7, $NF }' log | sort)" $'2 in/500\n2 in/7\n2 in/993'
}
