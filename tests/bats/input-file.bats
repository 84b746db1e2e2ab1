# bats file_tags=check
load helpers

# Messages about policy files, and how they quote the file.

# ---- the file

@test "a policy that is a directory is refused" {
  mkdir d.policy
  rejects "ll-exec: argument 2: cannot read the policy d.policy: EISDIR (is a directory)
    -p d.policy
       ^~~~~~~~" -p d.policy
}

@test "a policy that is not readable is refused" {
  policy p.policy "ro /etc"
  chmod 0 p.policy
  rejects_as as_user "ll-exec: argument 2: cannot read the policy p.policy: EACCES (permission denied)
    -p p.policy
       ^~~~~~~~" -p p.policy
}

@test "a policy that does not exist is refused" {
  rejects "ll-exec: argument 2: cannot read the policy ./p.policy: ENOENT (no such file or directory)
    -p ./p.policy
       ^~~~~~~~~~" -p ./p.policy
}

@test "a policy with CR LF line ends is refused" {
  printf 'ro /etc\r\n' >p.policy
  rejects "ll-exec: p.policy:1:8: the line ends in CR LF
    ro /etc?
           ^
  save the policy with Unix line ends (LF)" -p p.policy
}

@test "a policy with a NUL byte is refused" {
  printf 'ro /etc\nro /tm\0p\n' >p.policy
  rejects "ll-exec: p.policy:2:7: a control byte (0): this is not a policy
    ro /tm?p
          ^" -p p.policy
}

@test "an ELF file as the policy is refused" {
  rejects "ll-exec: argument 2: the policy is larger than 65536 bytes
    -p ${PROBE}
       ^$(printf '~%.0s' $(seq 2 ${#PROBE}))" -p "${PROBE}"
  printf '\x7fELF\x02\x01\n' >p.policy
  rejects "ll-exec: p.policy:1:1: a control byte (127): this is not a policy
    ?ELF??
    ^" -p p.policy
}

@test "a policy without a final newline is refused, as it may be truncated" {
  printf 'ro /etc\nro /tmp' >p.policy
  rejects "ll-exec: p.policy:2:1: the last line has no newline: the policy may be truncated
    ro /tmp
    ^
  end the file with a newline" -p p.policy
}

@test "a line of 4,096 bytes is read" {
  printf 'ro /etc #%4087s\n' '' >p.policy
  is "$(wc -c <p.policy)" 4097
  assert_success sandboxed -p p.policy -- list /etc
}

@test "a line of 4,097 bytes is refused" {
  printf 'ro /etc\nro /etc #%4088s\n' '' >p.policy
  rejects "ll-exec: p.policy:2:1: the line is longer than 4096 bytes
    ro /etc #$(printf '%91s' '')
    ^" -p p.policy
}

@test "a line of 5 KiB is refused, and shown truncated" {
  printf 'ro /%5120s\n' '' | tr ' ' x | sed s/rox/'ro '/ >p.policy
  rejects "ll-exec: p.policy:1:1: the line is longer than 4096 bytes
    $(head -c 100 p.policy)
    ^" -p p.policy
}

@test "a policy of 65,536 bytes is read" {
  for ((i = 0; i < 64; i++)); do printf '#%1022s\n' ''; done >p.policy
  is "$(wc -c <p.policy)" 65536
  assert_success sandboxed -p p.policy -- pid
}

@test "a policy of 65,537 bytes is refused" {
  { printf '\n'; for ((i = 0; i < 64; i++)); do printf '#%1022s\n' ''; done; } >p.policy
  is "$(wc -c <p.policy)" 65537
  rejects "ll-exec: argument 2: the policy is larger than 65536 bytes
    -p p.policy
       ^~~~~~~~" -p p.policy
}

@test "1,025 rules are refused" {
  local i
  for ((i = 0; i < 1025; i++)); do printf 'ro /etc\n'; done >p.policy
  rejects "ll-exec: p.policy:1025:4: more than 1024 rules
    ro /etc
       ^~~~
  grant a directory instead of the files in it" -p p.policy
}

@test "1,025 rules on one line or in several policies are refused" {
  local i
  for ((i = 0; i < 64; i++)); do printf 'ro'; printf ' /%.0s' {1..16}; printf '\n'; done >p.policy
  policy q.policy "ro /etc"
  rejects "ll-exec: q.policy:1:4: more than 1024 rules
    ro /etc
       ^~~~
  grant a directory instead of the files in it" -p p.policy -p q.policy
}

@test "more than 32 policies are refused" {
  local i
  local -a options=()
  for ((i = 1; i <= 32; i++)); do
    policy "p${i}.policy" "ro /etc"
    options+=(-p "p${i}.policy")
  done
  assert_success sandboxed "${options[@]:0:62}" -- pid
  rejects "ll-exec: argument 64: more than 32 policies
    -p p32.policy
       ^~~~~~~~~~" "${options[@]}"
}

# ---- how a message quotes the line

@test "a tab is shown as one blank, and the caret is under the word" {
  rejects_line $'\tro\t/nonexistent' "ll-exec: p.policy:1:5: /nonexistent does not exist
     ro /nonexistent
        ^~~~~~~~~~~~
  if it is optional, write -/nonexistent"
}

@test "the caret is under the word behind multi-byte characters" {
  rejects_line "ro '/etc' /täst/ö x" "ll-exec: p.policy:1:11: /täst/ö does not exist
    ro '/etc' /täst/ö x
              ^~~~~~~
  if it is optional, write -/täst/ö"
}

@test "control bytes in an argument are not written to the terminal" {
  rejects "ll-exec: argument 2: /no?[31m?x does not exist
    --ro /no?[31m?x
         ^~~~~~~~~~
  if it is optional, write -/no?[31m?x" --ro $'/no\e[31m\nx'
}

@test "8-bit control characters in an argument are not written to the terminal" {
  capture "${LL_EXEC}" --ro $'/no\xc2\x9b31mx' -- true
  [[ ${errors} == *"does not exist"* && ${errors} != *$'\xc2\x9b'* ]]
  capture "${LL_EXEC}" --ro $'/no\x9b31mx' -- true
  [[ ${errors} == *"does not exist"* && ${errors} != *$'\x9b'* ]]
}

@test "a long line is truncated around the error" {
  printf 'ro%150s/nonexistent%150s\n' '' ' # end' >p.policy
  capture "${LL_EXEC}" -p p.policy -- true
  is "${status}" 125
  local widest
  widest=$(awk '{ if (length($0) > most) most = length($0) } END { print most }' <<<"${errors}")
  ((widest <= 130))
  local line caret
  line=$(sed -n 2p <<<"${errors}")
  caret=$(sed -n 3p <<<"${errors}")
  caret=${caret%%^*}
  is "${line:${#caret}:12}" /nonexistent
}

@test "a very long value is truncated" {
  local long
  long=$(printf 'x%.0s' {1..3000})
  capture "${LL_EXEC}" --ro "/nonexistent/${long}" -- true
  is "${status}" 125
  ((${#errors} < 1500))
  [[ ${errors} == "ll-exec: argument 2: /nonexistent/xxx"*"... does not exist"* ||
    ${errors} == *ENAMETOOLONG* ]]
}

# ---- characters that editors and word processors insert

@test "a byte order mark is refused by its name" {
  printf '\xef\xbb\xbfro /etc\n' >p.policy
  rejects "ll-exec: p.policy:1:1: the policy begins with a byte order mark
    <U+FEFF>ro /etc
    ^~~~~~~~
  save it as UTF-8 without one (BOM)" -p p.policy
}

@test "a no-break space is shown by its code point, and does not separate words" {
  rejects_line $'ro\xc2\xa0/etc' "ll-exec: p.policy:1:1: unknown directive 'ro<U+00A0>/etc'
    ro<U+00A0>/etc
    ^~~~~~~~~~~~~~
  the escaped character is not a blank: use a space or a tab"
  rejects_line $'ro /etc\xc2\xa0' "ll-exec: p.policy:1:4: /etc<U+00A0> does not exist
    ro /etc<U+00A0>
       ^~~~~~~~~~~~
  if it is optional, write -/etc<U+00A0>"
}
