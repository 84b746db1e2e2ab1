load trace

# ll-trace: its report, and where it is written.

# ---- the report

@test "the report names process, count, the nearest rule and the line to add" {
  needs_ptrace
  printf x >f
  capture "${LL_TRACE}" --ro "${T}" --rx "${PROBE}" -- "${PROBE}" write "${T}/f"
  is "${status}" 1
  is "${errors}" "write: EACCES
ll-trace: 1 refusal
  Landlock refuses write_file ${T}/f: probe
    the nearest rule is ro ${T}  argument 2
    allow it: rw ${T}/f"
}

@test "missing files are reported apart from refusals, with -v only" {
  needs_ptrace
  capture "${LL_TRACE}" --ro "${T}" --rx "${PROBE}" -- "${PROBE}" read "${T}/none"
  is "${errors}" 'read: ENOENT'
  capture "${LL_TRACE}" -v --ro "${T}" --rx "${PROBE}" -- "${PROBE}" read "${T}/none"
  [[ ${errors} == *"missing: openat ${T}/none: probe"* ]]
}

@test "--json writes to a file, and to a file descriptor that the command does not inherit" {
  needs_ptrace
  printf x >f
  capture "${LL_TRACE}" --json out.json --rx "${PROBE}" -- "${PROBE}" read "${T}/f"
  is "$(<out.json)" "[
 {\"layer\":\"Landlock\",\"what\":\"read_file\",\"target\":\"${T}/f\",\"process\":\"probe\",\"count\":1,\"line\":\"ro ${T}/f\"}
]"
  "${LL_TRACE}" --json 7 --rx "${PROBE}" -- "${PROBE}" descriptors 20 7>seven >open
  is "$(<open)$(<seven)" $'0\n1\n2[]'
  capture "${LL_TRACE}" --json /nonexistent/x --rx "${PROBE}" -- "${PROBE}" exit 0
  is "${status}" 125
  [[ ${errors} == *'cannot write the report to /nonexistent/x: ENOENT'* ]]
}

@test "--json does not write to a file behind a symlink of the project" {
  needs_ptrace
  mkdir project project/real
  printf mine >mine
  cd project || return
  ln -s ../mine out.json
  ln -s real folder
  local name
  for name in out.json ./out.json folder/out.json "${T}/project/out.json"; do
    capture "${LL_TRACE}" --json "${name}" --rx "${PROBE}" -- "${PROBE}" pid
    is "${status} ${output} $(<../mine)" "125  mine"
    [[ ${errors} == *'is a symbolic link to '* ]]
  done
  assert_success "${LL_TRACE}" --json real/out.json --rx "${PROBE}" -- "${PROBE}" pid
  is "$(<real/out.json)" "[]"
  assert_success "${LL_TRACE}" --json /dev/stdout --rx "${PROBE}" -- "${PROBE}" exit 0
  is "${output}" "[]"
}

@test "--suggest prints only the lines, and changes nothing" {
  needs_ptrace
  printf x >f
  policy p.policy "rx ${PROBE}"
  capture "${LL_TRACE}" --suggest ./p.policy -- "${PROBE}" read "${T}/f"
  is "${errors}" "read: EACCES
ro ${T}/f"
  is "$(<p.policy)" "rx ${PROBE}"
}

@test "--apply adds the lines, and the command works with them" {
  needs_ptrace
  printf x >f
  policy p.policy "rx ${PROBE}"
  capture "${LL_TRACE}" --apply ./p.policy -- "${PROBE}" read "${T}/f"
  is "${status}" 1
  is "$(sed 's/20[0-9-]*$/DATE/' p.policy)" "rx ${PROBE}
# ll-trace, DATE
ro ${T}/f"
  [[ $(<p.policy) == *"# ll-trace, $(date -u +%Y-%m-%d)"* ]]
  assert_success "${LL_TRACE}" --apply ./p.policy -- "${PROBE}" read "${T}/f"
  is "$(wc -l <p.policy)" 3
}

@test "--apply and --learn do not write through a symlink of the project" {
  needs_ptrace
  mkdir project mine
  printf x >mine/f
  policy mine/other.policy "rx ${PROBE}"
  ln -s ../mine/other.policy project/p.policy
  ln -s ../mine/new.policy project/n.policy
  cd project
  capture "${LL_TRACE}" --apply ./p.policy -- "${PROBE}" read "${T}/mine/f"
  [[ ${errors} == *'p.policy is a symbolic link to ../mine/other.policy, and is not followed'* ]]
  capture "${LL_TRACE}" --learn ./n.policy -- "${PROBE}" read "${T}/mine/f"
  [[ ${errors} == *'n.policy is a symbolic link to ../mine/new.policy, and is not followed'* ]]
  is "$(ls ../mine) $(<../mine/other.policy)" $'f\nother.policy rx '"${PROBE}"
  # Control: a path without a symlink is written.
  capture "${LL_TRACE}" --apply ../mine/other.policy -- "${PROBE}" read "${T}/mine/f"
  is "$(wc -l <../mine/other.policy)" 3
}

@test "--apply adds what a person must complete as a comment" {
  needs_ptrace
  policy p.policy "rx ${PROBE}"
  capture "${LL_TRACE}" --apply ./p.policy -- "${PROBE}" connect 1
  is "$(tail -n 1 p.policy)" '# connect PORT'
}

@test "--apply does not add /, a home directory or its parents, or what file permissions refuse as well" {
  needs_ptrace
  mkdir -p home/me
  printf x >kept
  chmod 444 kept
  policy p.policy "rx ${PROBE}"
  chmod 666 p.policy
  local -a as=(as_user env HOME="${T}/home/me" "${LL_TRACE}")
  capture "${as[@]}" --apply ./p.policy -- "${PROBE}" create "${T}/home/me/new"
  [[ ${errors} == *"allow it: rw ${T}/home/me"*'grants far more than was asked for'* || ${errors} == *'file permissions refuse it as well'* ]]
  chmod -R a+rwX home
  capture "${as[@]}" --apply ./p.policy -- "${PROBE}" create "${T}/home/me/new"
  capture "${as[@]}" --apply ./p.policy -- "${PROBE}" create "${T}/home/new"
  capture "${as[@]}" --apply ./p.policy -- "${PROBE}" create /new
  capture "${as[@]}" --apply ./p.policy -- "${PROBE}" list /
  # Without a sandbox the kernel refuses it as well.
  refused EACCES as_user "${PROBE}" write "${T}/kept"
  capture "${as[@]}" --apply ./p.policy -- "${PROBE}" write "${T}/kept"
  [[ ${errors} == *"Landlock refuses write_file ${T}/kept: probe"*'file permissions refuse it as well'* ]]
  if ((EUID == 0)); then
    capture "${as[@]}" --apply ./p.policy -- "${PROBE}" chmod "${T}/kept"
    [[ ${errors} == *"the filter refuses "*" ${T}/kept: probe"*'file permissions refuse it as well'* ]]
  fi
  is "$(grep -v '^# ll-trace' p.policy)" "rx ${PROBE}
# deny? rw ${T}/home/me  # more than was asked for
# deny? rw ${T}/home  # more than was asked for
# deny? fs read_dir /  # more than was asked for"
  # A second run adds nothing.
  cp p.policy before
  capture "${as[@]}" --apply ./p.policy -- "${PROBE}" create "${T}/home/me/new"
  cmp before p.policy
}

@test "a refusal by keep or deny names that rule, and suggests no line" {
  needs_ptrace
  mkdir -p .git sub
  capture "${LL_TRACE}" --rw "${T}" --keep "${T}/.git" --rx "${PROBE}" -- "${PROBE}" create "${T}/out"
  [[ ${errors} == *"blocked by keep ${T}/.git  argument 4"*'sandbox.sh can'* && ${errors} != *'allow it'* ]]
  capture "${LL_TRACE}" --ro "${T}" --deny "${T}/sub" --rx "${PROBE}" -- "${PROBE}" list "${T}/sub"
  [[ ${errors} == *"blocked by deny ${T}/sub  argument 4"* && ${errors} != *'allow it'* ]]
  # Control: without it the directory is writable.
  assert_success "${LL_TRACE}" --rw "${T}" --rx "${PROBE}" -- "${PROBE}" create "${T}/out"
}

@test "names are escaped in the written policy and on the terminal" {
  needs_ptrace
  local name names=($'a\nrw b' $'\e[31m' $'\x7f' $'turned\xe2\x80\xae')
  local LC_ALL=C.UTF-8
  mkdir work
  for name in "${names[@]}"; do
    printf x >"work/${name}"
    mkdir "dir${name}"
    printf x >"dir${name}/f"
    policy p.policy "rx ${PROBE}"
    capture "${LL_TRACE}" --suggest ./p.policy -- "${PROBE}" read "${T}/work/${name}"
    is "${errors}" 'read: EACCES'
    capture "${LL_TRACE}" --apply ./p.policy -- "${PROBE}" read "${T}/work/${name}"
    is "$(<p.policy)" "rx ${PROBE}"
    [[ ${errors} != *"${name}"* ]]
    rm -f learned.policy
    capture "${LL_TRACE}" --learn ./learned.policy -- "${PROBE}" read "${T}/dir${name}/f"
    [[ $(<learned.policy) != *"${name}"* ]]
    assert_success "${TRACER}/ll-exec" -p ./learned.policy -- "${PROBE}" exit 0
  done
  # A plain name, and one that is quoted.
  for name in plain "it's \$x"; do
    printf x >"work/${name}"
    policy p.policy "rx ${PROBE}"
    capture "${LL_TRACE}" --apply ./p.policy -- "${PROBE}" read "${T}/work/${name}"
    assert_success "${TRACER}/ll-exec" -p ./p.policy -- "${PROBE}" read "${T}/work/${name}"
  done
}

@test "a file below a directory that the user cannot enter is reported as refused by file permissions, with its path" {
  needs_root
  needs_ptrace
  mkdir -m 700 closed
  echo x >closed/f
  chmod 755 .
  assert_success cat closed/f
  capture as_user "${LL_TRACE}" --rx / -- cat "${T}/closed/f"
  is "${status}" 1
  [[ ${errors} == *"file permissions refuse openat ${T}/closed/f: cat"* ]]
}

@test "asking whether a file is a terminal is not reported as a refusal" {
  needs_ptrace
  needs_program /usr/bin/python3
  capture "${LL_TRACE}" -p base --ro /etc --rx /usr -- /usr/bin/python3 -c 'open("/dev/urandom", "rb")'
  is "${status} ${errors}" '0 '
  capture "${LL_TRACE}" -v -p base --ro /etc --rx /usr -- /usr/bin/python3 -c 'open("/dev/urandom", "rb")'
  [[ ${errors} == *'Landlock refuses ioctl_dev /dev/urandom'* ]]
}
