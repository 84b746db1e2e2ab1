load policies

# A policy that, added to another one, gives the same output for the same input.

# Differences between two runs of Python: addresses, the order of a set, the time zone, the locale.
differing=(-c 'import os, time, locale
print(id(object()), id(os), sorted(map(hash, ("a", "b", "c"))), set("abcdefgh"), time.tzname, os.environ.get("SOURCE_DATE_EPOCH"))')

same_twice() {
  own_python=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')
  [[ ${own_python} == /usr/* ]] || skip "needs python3 in /usr"
  local first
  first=$(own "${own_python}" "${differing[@]}")
  [[ ${first} != "$(own "${own_python}" "${differing[@]}")" ]] || skip "it is the same without a sandbox"
  does python -- "${own_python}" "${differing[@]}"
  first=${output}
  does python -- "${own_python}" "${differing[@]}"
  [[ ${output} != "${first}" ]]
  does python -p reproducible -- "${own_python}" "${differing[@]}"
  first=${output}
  does python -p reproducible -- "${own_python}" "${differing[@]}"
  is "${output}" "${first}"
  [[ ${output} == *"('UTC', 'UTC') 315532800" ]]
}

@test "reproducible: Python has equal addresses, hashes, time zone and build date in two runs, and differs without it" {
  needs_program python3
  on_each_wall same_twice
}

passes_on() {
  does system -p reproducible -- sh -c 'echo "${SOURCE_DATE_EPOCH} ${LC_ALL} ${TZ}"'
  is "${output}" "315532800 C.UTF-8 UTC"
  SOURCE_DATE_EPOCH=1700000000 LC_ALL=tr_TR.UTF-8 TZ=Asia/Tokyo under system -p reproducible -- sh -c 'echo "${SOURCE_DATE_EPOCH} ${LC_ALL} ${TZ}"'
  is "${output}" "1700000000 C.UTF-8 UTC"
}

@test "reproducible: SOURCE_DATE_EPOCH of the caller is kept, its locale and time zone are not" {
  on_each_wall passes_on
}
