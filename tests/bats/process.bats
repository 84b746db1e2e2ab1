# bats file_tags=check
load helpers

# The line of a limit in the output of probe: name, soft, hard.
limit() { grep "^$1 " <<<"${output}"; }

# ---- limit

@test "soft and hard limits are set as in the policy" {
  policy p.policy "limit nofile=100 fsize=1M cpu=60 core=0" "limit as=2G data=512M stack=4M"
  assert_success sandboxed -p p.policy -- limits
  is "$(limit nofile)" "nofile 100 100"
  is "$(limit fsize)" "fsize 1048576 1048576"
  is "$(limit cpu)" "cpu 60 60"
  is "$(limit core)" "core 1 1"  # 0 would start the pipe of kernel.core_pattern
  is "$(limit as)" "as 2147483648 2147483648"
  is "$(limit data)" "data 536870912 536870912"
  is "$(limit stack)" "stack 4194304 4194304"
}

@test "limits that a policy does not name keep the caller's values" {
  assert_success "${PROBE}" limits
  local outside=${output}
  assert_success sandboxed -- limits
  is "${output}" "${outside}"
}

@test "ulimit in a shell shows the limits" {
  assert_success "${LL_EXEC}" --rx / --limit nofile=77 -- /bin/sh -c 'ulimit -n; ulimit -H -n'
  is "${output}" $'77\n77'
}

@test "nproc limits the processes of an ordinary user" {
  assert_success sandboxed_as_user --limit nproc=64 -- limits
  is "$(limit nproc)" "nproc 64 64"
}

@test "nproc is refused for root, whom the kernel exempts" {
  needs_root
  rejects_line "limit nproc=64" \
    "ll-exec: p.policy:1:7: 'limit nproc' does not hold for root: the kernel exempts it
    limit nproc=64
          ^~~~~~~~
  run as an ordinary user, drop the rule, or add --best-effort to run without enforcing it"
}

@test "a limit is never raised, not even for root" {
  assert_success bash -c 'ulimit -n 50; exec "$@"' - "${LL_EXEC}" --limit nofile=100 --rx "${PROBE}" -- \
    "${PROBE}" limits
  is "$(limit nofile)" "nofile 50 50"
}

@test "a soft limit below the policy's limit is kept" {
  assert_success bash -c 'ulimit -S -n 50; ulimit -H -n 200; exec "$@"' - "${LL_EXEC}" --limit nofile=100 \
    --rx "${PROBE}" -- "${PROBE}" limits
  is "$(limit nofile)" "nofile 50 100"
}

@test "of several limits of one resource the lowest is set" {
  assert_success sandboxed --limit nofile=100 --limit nofile=60 --limit nofile=80 -- limits
  is "$(limit nofile)" "nofile 60 60"
}

@test "a file cannot grow beyond fsize" {
  assert_success "${LL_EXEC}" --rx / --rw "${T}" --limit fsize=8K -- \
    /bin/sh -c 'head -c 4096 /dev/zero >"$1/file"' - "${T}"
  capture "${LL_EXEC}" --rx / --rw "${T}" --limit fsize=8K -- \
    /bin/sh -c 'head -c 16384 /dev/zero >"$1/file"' - "${T}"
  ((status != 0))
  is "$(stat -c %s file)" 8192
}

@test "an unknown resource is refused, and the known ones are listed" {
  rejects_line "limit files=3" "ll-exec: p.policy:1:7: unknown resource 'files'
    limit files=3
          ^~~~~~~
  one of: cpu fsize data stack core nproc nofile as"
}

@test "a limit without an amount is refused" {
  rejects_line "limit fsize=" "ll-exec: p.policy:1:7: '' is not an amount
    limit fsize=
          ^~~~~~
  write limit fsize=512M, in bytes or with K, M or G"
}

@test "a limit with an invalid amount is refused" {
  rejects_line "limit nofile=1M" "ll-exec: p.policy:1:7: '1M' is not an amount
    limit nofile=1M
          ^~~~~~~~~
  write limit nofile=64"
}

@test "a limit beyond 64 bits is refused" {
  rejects_line "limit as=17179869184G" "ll-exec: p.policy:1:7: '17179869184G' is not an amount
    limit as=17179869184G
          ^~~~~~~~~~~~~~~
  write limit as=512M, in bytes or with K, M or G"
}

# ---- env

# Starts from a known environment.
known=(env -i A=1 AB=2 B=3 PATH=/bin:/usr/bin)

@test "without env rules all variables are passed except likely secrets, which a warning names" {
  assert_success "${known[@]}" "${LL_EXEC}" --rx "${PROBE}" -- "${PROBE}" environment
  is "${output}" $'A=1\nAB=2\nB=3\nPATH=/bin:/usr/bin'
  local -a secret=(AWS_SECRET_ACCESS_KEY=1 GITHUB_TOKEN=2 db_password=3 MYSQL_PWD=4 SSH_AUTH_SOCK=/s DBUS_SESSION_BUS_ADDRESS=b
    DOCKER_HOST=d LD_AUDIT=/none.so URL=postgres://me:word@db/x)
  # Control: they exist without ll-exec, and with a rule that names them all.
  capture "${known[@]}" "${secret[@]}" "${PROBE}" environment
  [[ ${output} == *GITHUB_TOKEN=2* ]]
  assert_success "${known[@]}" "${secret[@]}" "${LL_EXEC}" --env '*' --rx "${PROBE}" -- "${PROBE}" environment
  [[ ${output} == *GITHUB_TOKEN=2* && ${output} == *LD_AUDIT=* ]]
  capture "${known[@]}" "${secret[@]}" PWD=/x OLDPWD=/y PLAIN=https://a@b/c:d LD_LIBRARY_PATH=/l "${LL_EXEC}" --rx "${PROBE}" -- "${PROBE}" environment
  is "${output}" $'A=1\nAB=2\nB=3\nPATH=/bin:/usr/bin\nPWD=/x\nOLDPWD=/y\nPLAIN=https://a@b/c:d\nLD_LIBRARY_PATH=/l'
  is "${errors}" "ll-exec: warning: not passed to the command: AWS_SECRET_ACCESS_KEY GITHUB_TOKEN db_password MYSQL_PWD SSH_AUTH_SOCK DBUS_SESSION_BUS_ADDRESS DOCKER_HOST LD_AUDIT URL
  they may be secrets or name agents' sockets; 'env NAME' passes one, and then only those named"
  assert_success "${known[@]}" "${secret[@]}" "${LL_EXEC}" -q --rx "${PROBE}" -- "${PROBE}" environment
  [[ ${output} != *TOKEN* ]]
  assert_success "${known[@]}" "${secret[@]}" "${LL_EXEC}" --env GITHUB_TOKEN --rx "${PROBE}" -- "${PROBE}" environment
  is "${output}" 'GITHUB_TOKEN=2'
}

@test "without env rules 5,000 variables are passed" {
  local -a many=()
  local i
  for ((i = 0; i < 5000; i++)); do many+=("V${i}=x"); done
  assert_success env -i "${many[@]}" GITHUB_TOKEN=2 "${LL_EXEC}" -q --rx "${PROBE}" -- "${PROBE}" environment
  is "$(wc -l <<<"${output}")" 5000
  [[ ${output} == *V4999=x* && ${output} != *TOKEN* ]]
}

@test "--explain names the variables that are not passed" {
  assert_success "${LL_EXEC}" --rx "${PROBE}" --explain
  [[ ${output} == *'all variables pass but'*SSH_AUTH_SOCK* ]]
  assert_success "${LL_EXEC}" --env PATH --rx "${PROBE}" --explain
  [[ ${output} != *SSH_AUTH_SOCK* ]]
}

@test "env passes only the variables that it names" {
  assert_success "${known[@]}" "${LL_EXEC}" --env A --env C --rx "${PROBE}" -- "${PROBE}" environment
  is "${output}" "A=1"
}

@test "env passes the variables that match a glob" {
  assert_success "${known[@]}" "${LL_EXEC}" --env 'A*' --rx "${PROBE}" -- "${PROBE}" environment
  is "${output}" $'A=1\nAB=2'
}

@test "env - passes no variable of the caller" {
  assert_success "${known[@]}" "${LL_EXEC}" --env - --rx "${PROBE}" -- "${PROBE}" environment
  is "${output}" ""
}

@test "env NAME=VALUE sets a variable, and overrides the caller's" {
  assert_success "${known[@]}" "${LL_EXEC}" --env A=new --env 'N=a b' --env B --rx "${PROBE}" -- \
    "${PROBE}" environment
  is "${output}" $'B=3\nA=new\nN=a b'
}

@test "of several values for one variable the last is set" {
  policy p.policy "env A=one B=x A=two"
  assert_success "${known[@]}" "${LL_EXEC}" -p p.policy --rx "${PROBE}" -- "${PROBE}" environment
  is "${output}" $'B=x\nA=two'
}

@test "env NAME= sets an empty value" {
  assert_success "${known[@]}" "${LL_EXEC}" --env A= --rx "${PROBE}" -- "${PROBE}" environment
  is "${output}" "A="
}

@test "a variable in a policy has the caller's value although env does not pass it" {
  printf x >file
  policy p.policy "env -" "ro \$PLACE/file"
  assert_success env PLACE="${T}" "${LL_EXEC}" -p p.policy --rx "${PROBE}" -- "${PROBE}" read "${T}/file"
}

@test "env of an invalid name is refused" {
  rejects_line "env =x" "ll-exec: p.policy:1:5: '=x' is not a variable's name
    env =x
        ^~
  NAME, GLOB*, NAME=VALUE, or - for none"
}

# ---- chdir

@test "chdir starts the command in its directory" {
  mkdir folder
  assert_success sandboxed --ro "${T}" --chdir folder -- directory
  is "${output}" "${T}/folder"
}

@test "without chdir the command starts in the caller's directory" {
  assert_success sandboxed -- directory
  is "${output}" "${T}"
}

@test "a relative chdir in a policy is relative to the policy's directory" {
  mkdir -p folder/sub
  policy folder/p.policy "chdir sub"
  assert_success sandboxed -p folder/p.policy -- directory
  is "${output}" "${T}/folder/sub"
}

@test "relative paths in a policy are relative to its directory with chdir as well" {
  mkdir -p folder/sub other/folder
  printf 'right\n' >folder/file
  printf 'wrong\n' >other/folder/file
  policy folder/p.policy "ro file" "chdir ../other"
  assert_success sandboxed -p folder/p.policy -- read "${T}/folder/file"
  is "${output}" right
  refused EACCES sandboxed -p folder/p.policy -- read "${T}/other/folder/file"
}

@test "chdir grants nothing" {
  mkdir folder
  refused EACCES sandboxed --chdir folder -- list .
  assert_success sandboxed --chdir folder --ro folder -- list .
}

@test "chdir to a directory that does not exist is refused" {
  rejects_line "chdir /nonexistent" \
    "ll-exec: p.policy:1:7: cannot start in /nonexistent: ENOENT (no such file or directory)
    chdir /nonexistent
          ^~~~~~~~~~~~"
}

@test "limit core=0 sets a limit of 1, which writes no core file and starts no core pipe" {
  assert_success "${LL_EXEC}" --rx / --limit core=0 -- /bin/sh -c 'ulimit -c 0; grep core /proc/self/limits'
  [[ ${output} =~ core\ file\ size\ +1\ +1 ]]
}
