# bats file_tags=check
load helpers

# aslr, hugepages, memory-deny-write-execute, lock-personality: memory layout and executable memory.

# The line of a mode in the output of probe.
mode() { sed -n "s/^$1 //p" <<<"${output}"; }

# As on Linux 6.2, which has no PR_SET_MDWE.
before_mdwe() { sandboxed_by "${OLD_KERNEL}" 3 "${LL_EXEC}" -- "$@"; }

@test "without these directives the command has the caller's modes" {
  assert_success "${PROBE}" modes
  local outside=${output}
  assert_success sandboxed -- modes
  is "${output}" "${outside}"
}

@test "aslr off gives the same addresses in each run and in children, and hugepages off disables huge pages" {
  assert_success sandboxed --aslr off -- modes
  is "$(mode aslr) $(mode hugepages)" "off on"
  assert_success sandboxed --hugepages off -- modes
  is "$(mode aslr) $(mode hugepages)" "on off"
  assert_success "${LL_EXEC}" --rx / --aslr off -- sh -c "${PROBE} modes; :"
  is "$(mode aslr)" "off"
}

@test "aslr off fixes the addresses of stack and heap, which vary without it" {
  local -a look=(/bin/sh -c 'grep -E "stack|heap" /proc/self/maps')
  differ() { [[ $("$@") != "$("$@")" ]]; }
  "${LL_EXEC}" --rx / --ro /proc -- "${look[@]}" | grep -q stack || skip "/proc/self/maps cannot be read"
  differ "${look[@]}" || skip "addresses are the same without a sandbox"
  differ "${LL_EXEC}" --rx / --ro /proc -- "${look[@]}"
  if differ "${LL_EXEC}" --rx / --ro /proc --aslr off -- "${look[@]}"; then return 1; fi
}

# Each way is refused on both kinds of kernel, and works without the directive.
maps_nothing() { # HOW
  assert_success sandboxed -- map 4096 7 0x22
  assert_success sandboxed -- map 4096 3 0x22 5
  refused "$2" "$1" --memory-deny-write-execute on -- map 4096 7 0x22
  refused "$2" "$1" --memory-deny-write-execute on -- map 4096 3 0x22 5
  assert_success "$1" --memory-deny-write-execute on -- map 4096 5 0x22
  assert_success "$1" --memory-deny-write-execute on -- map 4096 3 0x22 1
}

@test "memory-deny-write-execute refuses executing written memory, by the kernel" {
  assert_success sandboxed --memory-deny-write-execute on -- modes
  [[ $(mode write-execute) == denied ]] || skip "needs Linux 6.3"
  maps_nothing sandboxed EACCES
}

@test "memory-deny-write-execute refuses executing written memory, by the filter on older kernels" {
  assert_success before_mdwe --memory-deny-write-execute on -- modes
  is "$(mode write-execute)" allowed
  maps_nothing before_mdwe EPERM
}

@test "memory-deny-write-execute lets programs start and link their libraries, with kernel and filter" {
  needs_program python3
  local python
  python=$(python3 -c 'import sys; print(sys.executable)')
  assert_success "${LL_EXEC}" --rx / --memory-deny-write-execute on -- "${python}" -c 'import ssl, json; print("hello")'
  is "${output}" hello
  assert_success "${OLD_KERNEL}" 3 "${LL_EXEC}" -q --rx / --memory-deny-write-execute on -- "${python}" -c 'import json; print("hello")'
  is "${output}" hello
}

@test "lock-personality refuses personality, which works without it" {
  assert_success sandboxed -- personality 0
  refused EPERM sandboxed --lock-personality on -- personality 0
  refused EPERM sandboxed --lock-personality on --aslr off -- personality 0
}

@test "each of these directives has one value, and another is refused" {
  rejects_line "aslr on" "ll-exec: p.policy:1:6: 'on' is not 'off'
    aslr on
         ^~
  write aslr off, or leave the line out"
  rejects_line "lock-personality off" "ll-exec: p.policy:1:18: 'off' is not 'on'
    lock-personality off
                     ^~~
  write lock-personality on, or leave the line out"
}

@test "--explain shows the modes that are set, and what the filter refuses for them" {
  policy p.policy "aslr off" "hugepages off" "memory-deny-write-execute on" "lock-personality on" "audit on"
  assert_success "${LL_EXEC}" -q --best-effort -p p.policy --explain -v
  local line
  for line in 'switches +aslr off hugepages off memory-deny-write-execute on lock-personality on audit on' '`lock-personality` \(EPERM\)'; do
    grep -qE "^ *${line}" <<<"${output}" || { printf 'no %s in\n%s\n' "${line}" "${output}"; return 1; }
  done
  [[ ${output} != *'memory-deny-write-execute`'* ]] || is "$("${PROBE}" modes | grep -c '^write-execute allowed')" 1
  assert_success "${OLD_KERNEL}" 3 "${LL_EXEC}" -q --best-effort -p p.policy --explain -v
  [[ ${output} == *'`memory-deny-write-execute`'*mmap* ]]
  assert_success "${LL_EXEC}" --rx / --explain
  [[ ${output} != *personality* && ${output} != *hugepages* ]]
}
