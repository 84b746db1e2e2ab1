# bats file_tags=check
load helpers

@test "an inherited file descriptor is closed" {
  exec 9</dev/null
  assert_success "${PROBE}" descriptors 16
  [[ ${output} == *9* ]]
  assert_success sandboxed -- descriptors 16
  exec 9<&-
  is "${output}" $'0\n1\n2'
}

@test "an inherited file descriptor that was not closed would read a file that the policy refuses" {
  printf 'secret\n' >file
  exec 9<file
  assert_success "${LL_EXEC}" --fd 9 --rx / -- /bin/sh -c 'cat <&9'
  is "${output}" secret
  capture "${LL_EXEC}" --rx / -- /bin/sh -c 'cat <&9'
  exec 9<&-
  [[ ${status} -ne 0 && -z ${output} ]]
}

@test "file descriptor 5000 is closed under a raised limit" {
  local hard
  hard=$(ulimit -H -n)
  [[ ${hard} == unlimited ]] || ((hard > 5000)) || skip "needs 5,000 descriptors"
  assert_success "${PROBE}" with-descriptor 5000 "${PROBE}" descriptors 6000
  [[ ${output} == *5000* ]]
  assert_success "${PROBE}" with-descriptor 5000 "${LL_EXEC}" --rx "${PROBE}" -- "${PROBE}" descriptors 6000
  is "${output}" $'0\n1\n2'
}

@test "a file descriptor above a limit that was lowered later is closed" {
  assert_success "${PROBE}" with-descriptor 900 /bin/sh -c 'ulimit -n 64; exec "$0" descriptors 1000' "${PROBE}"
  [[ ${output} == *900* ]]
  assert_success "${PROBE}" with-descriptor 900 /bin/sh -c 'ulimit -n 64; exec "$0" --rx "$1" -- "$1" \
    descriptors 1000' "${LL_EXEC}" "${PROBE}"
  is "${output}" $'0\n1\n2'
}

@test "fd keeps the file descriptors that it names and no other" {
  exec 7</dev/null 8</dev/null 9</dev/null
  policy p.policy "fd 9 7"
  assert_success sandboxed -p p.policy -- descriptors 16
  exec 7<&- 8<&- 9<&-
  is "${output}" $'0\n1\n2\n7\n9'
}

@test "fd keeps file descriptor 5000" {
  local hard
  hard=$(ulimit -H -n)
  [[ ${hard} == unlimited ]] || ((hard > 5000)) || skip "needs 5,000 descriptors"
  assert_success "${PROBE}" with-descriptor 5000 "${LL_EXEC}" --fd 5000 --rx "${PROBE}" -- \
    "${PROBE}" descriptors 6000
  is "${output}" $'0\n1\n2\n5000'
}

@test "fd may name file descriptors twice and in any order" {
  exec 8</dev/null 9</dev/null
  assert_success sandboxed --fd 9 --fd 8 --fd 9 -- descriptors 16
  exec 8<&- 9<&-
  is "${output}" $'0\n1\n2\n8\n9'
}

@test "fd of a file descriptor that is not open is refused" {
  rejects_line "fd 77" "ll-exec: p.policy:1:4: descriptor 77 is not open
    fd 77
       ^~
  open it for ll-exec, as in: ll-exec --fd 77 ... 77<FILE"
}

@test "fd with a value that is not a number is refused" {
  rejects_line "fd stdout" "ll-exec: p.policy:1:4: 'stdout' is not a descriptor's number
    fd stdout
       ^~~~~~"
}

@test "fd of a number above 31 bits is refused" {
  rejects_line "fd 4294967299" "ll-exec: p.policy:1:4: '4294967299' is not a descriptor's number
    fd 4294967299
       ^~~~~~~~~~"
}

@test "a closed descriptor 0, 1 or 2 is not reused by the first file that the command opens" {
  printf x >file
  local closed
  for closed in 0 1 2 01 02 12 012; do
    capture "${PROBE}" with-closed "${closed}" "${PROBE}" first-descriptor file
    is "${closed}: ${status}" "${closed}: ${closed:0:1}"
    capture "${PROBE}" with-closed "${closed}" "${LL_EXEC}" --rx "${PROBE}" --ro file -- \
      "${PROBE}" first-descriptor file
    is "${closed}: ${status}" "${closed}: 3"
  done
}

@test "a closed standard descriptor cannot be used to reach a file" {
  capture "${PROBE}" with-closed 1 "${LL_EXEC}" --rx "${PROBE}" -- "${PROBE}" write-to 1
  is "${status} ${output}" "0 "
  capture "${PROBE}" with-closed 0 "${LL_EXEC}" --rx "${PROBE}" -- "${PROBE}" write-to 0
  is "${status} ${errors}" "1 write-to: EBADF"
}

@test "a closed standard descriptor is replaced by a harmless one without /dev/null as well" {
  needs_root
  mkdir root
  cp "${LL_EXEC}" "${PROBE}" root/
  : >root/file
  assert_success chroot root /probe with-closed 012 /ll-exec --rx /probe --ro /file -- /probe exit 0
  capture chroot root /probe with-closed 012 /ll-exec --rx /probe --ro /file -- \
    /probe first-descriptor /file
  is "${status}" 3
  capture chroot root /probe with-closed 1 /ll-exec --rx /probe -- /probe write-to 1
  is "${status}" 1
}

@test "standard input and output reach the command" {
  is "$(printf 'hello\n' | "${LL_EXEC}" --rx / -- /bin/cat)" hello
}
