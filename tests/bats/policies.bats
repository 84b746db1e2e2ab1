# bats file_tags=check
load helpers

# A policy that grants reading ${T}/file, so that a test can check whether it was read.
granting() {
  policy "$1" "ro '${T}/file'"
}

setup_file_to_read() {
  printf 'inside\n' >file
}

# ---- search of policies

@test "a value of -p with a slash or a dot is a file" {
  setup_file_to_read
  granting p.policy
  mkdir d
  granting d/p
  assert_success sandboxed -p p.policy -- read "${T}/file"
  assert_success sandboxed -p d/p -- read "${T}/file"
  assert_success sandboxed -p ./d/../d/p -- read "${T}/file"
  assert_success sandboxed -p"${T}/p.policy" -- read "${T}/file"
  assert_success sandboxed --policy=p.policy -- read "${T}/file"
  assert_success sandboxed --use p.policy -- read "${T}/file"
}

@test "-p - reads standard input" {
  setup_file_to_read
  assert_success sandboxed -p - -- read "${T}/file" <<<"ro '${T}/file'"
}

@test "messages call the policy of -p - standard input" {
  capture "${LL_EXEC}" -p - --rwx / -- "${PROBE}" create "${T}/marker" <<<"ro /nonexistent"
  is "${errors}" "ll-exec: standard input:1:4: /nonexistent does not exist
    ro /nonexistent
       ^~~~~~~~~~~~
  if it is optional, write -/nonexistent"
  is "${status}" 125
  [[ ! -e marker ]]
}

@test "use - in a policy is refused" {
  mkdir conf
  policy p.policy "use -"
  capture env XDG_CONFIG_HOME="${T}/conf" "${LL_EXEC}" -p p.policy -- true <<<"ro /"
  is "${errors%%$'\n'*}" "ll-exec: p.policy:1:5: no policy is named '-'"
  is "${status}" 125
}

@test "several policies add up" {
  setup_file_to_read
  granting p.policy
  policy q.policy "ro /etc"
  assert_success sandboxed -p p.policy -p q.policy -- read "${T}/file"
  assert_success sandboxed -p p.policy -p q.policy -- list /etc
}

@test "a policy name is searched in XDG_CONFIG_HOME" {
  setup_file_to_read
  mkdir -p conf/ll-exec
  granting conf/ll-exec/tool.policy
  assert_success env XDG_CONFIG_HOME="${T}/conf" "${LL_EXEC}" -p tool --rx "${PROBE}" -- \
    "${PROBE}" read "${T}/file"
}

@test "a policy name is searched in ~/.config without XDG_CONFIG_HOME" {
  setup_file_to_read
  mkdir -p .config/ll-exec
  granting .config/ll-exec/tool.policy
  assert_success env HOME="${T}" "${LL_EXEC}" -p tool --rx "${PROBE}" -- "${PROBE}" read "${T}/file"
}

@test "a relative XDG_CONFIG_HOME is ignored" {
  mkdir -p conf/ll-exec
  granting conf/ll-exec/tool.policy
  capture env XDG_CONFIG_HOME=conf "${LL_EXEC}" -p tool -- true
  is "${errors%%$'\n'*}" "ll-exec: argument 2: no policy is named 'tool'"
}

@test "a policy name is searched beside the program" {
  setup_file_to_read
  mkdir -p bin/policies
  cp "${LL_EXEC}" bin/
  granting bin/policies/tool.policy
  assert_success bin/ll-exec -p tool --rx "${PROBE}" -- "${PROBE}" read "${T}/file"
}

@test "a policy name is searched where make install puts policies" {
  setup_file_to_read
  mkdir -p usr/bin usr/share/ll-exec/policies
  cp "${LL_EXEC}" usr/bin/
  granting usr/share/ll-exec/policies/tool.policy
  assert_success "${T}/usr/bin/ll-exec" -p tool --rx "${PROBE}" -- "${PROBE}" read "${T}/file"
}

@test "the user's policy of a name is preferred to the installed one" {
  setup_file_to_read
  mkdir -p bin/policies conf/ll-exec
  cp "${LL_EXEC}" bin/
  policy bin/policies/tool.policy "ro /etc"
  granting conf/ll-exec/tool.policy
  assert_success env XDG_CONFIG_HOME="${T}/conf" bin/ll-exec -p tool --rx "${PROBE}" -- \
    "${PROBE}" read "${T}/file"
}

@test "a policy name is never searched in the current directory" {
  granting tool.policy
  granting tool
  mkdir policies
  granting policies/tool.policy
  capture "${LL_EXEC}" -p tool -- true
  is "${errors%%$'\n'*}" "ll-exec: argument 2: no policy is named 'tool'"
  is "${status}" 125
}

@test "a program found in PATH does not search policy names in the current directory" {
  mkdir policies
  granting policies/tool.policy
  capture env PATH="${BIN}" ll-exec -p tool -- true
  is "${errors%%$'\n'*}" "ll-exec: argument 2: no policy is named 'tool'"
  is "${status}" 125
}

@test "an unknown policy name is refused, and the searched places are listed" {
  export XDG_CONFIG_HOME=${T}/conf
  rejects "ll-exec: argument 2: no policy is named 'tool'
    -p tool
       ^~~~
  looked for tool.policy in ${T}/conf/ll-exec, /etc/ll-exec, ${BIN}/policies, \
${LL_TMP}/share/ll-exec/policies, in this order; a file needs a slash or a dot in its name" -p tool
}

@test "an unknown policy name is refused, and a similar one suggested" {
  setup_file_to_read
  export XDG_CONFIG_HOME=${T}/conf
  mkdir -p conf/ll-exec
  granting conf/ll-exec/ffmpeg.policy
  assert_success "${LL_EXEC}" -p ffmpeg --rx "${PROBE}" -- "${PROBE}" exit 0
  rejects "ll-exec: argument 2: no policy is named 'ffmpg'
    -p ffmpg
       ^~~~~
  did you mean 'ffmpeg'? looked for ffmpg.policy in ${T}/conf/ll-exec, /etc/ll-exec, ${BIN}/policies, \
${LL_TMP}/share/ll-exec/policies, in this order; a file needs a slash or a dot in its name" -p ffmpg
}

@test "an unknown policy name with a file of that name here is refused, and the path of the file suggested" {
  setup_file_to_read
  granting f.policy
  assert_success "${LL_EXEC}" -p ./f.policy --rx "${PROBE}" -- "${PROBE}" exit 0
  rejects "ll-exec: argument 2: no policy is named 'f'
    -p f
       ^
  name a file by its path: ./f.policy" -p f
  policy p.policy 'use f'
  rejects "ll-exec: p.policy:1:5: no policy is named 'f'
    use f
        ^
  name a file by its path: ./f.policy" -p p.policy
}

@test "an empty policy name is refused" {
  rejects "ll-exec: argument 2: an empty policy name
    -p 
       ^" -p ''
}

@test "an empty policy, and one of comments only, grants nothing" {
  printf 'x\n' >file
  : >empty.policy
  policy comments.policy "# nothing" "" "   # nothing"
  refused EACCES sandboxed -p empty.policy -p comments.policy -- read "${T}/file"
}

# ---- use

@test "use reads a policy beside the policy that names it" {
  setup_file_to_read
  mkdir d
  granting d/inner.policy
  policy d/outer.policy "use inner"
  policy d/outer2.policy "use ./inner.policy"
  assert_success sandboxed -p d/outer.policy -- read "${T}/file"
  assert_success sandboxed -p d/outer2.policy -- read "${T}/file"
}

@test "use prefers the policy beside it to the search path" {
  setup_file_to_read
  mkdir -p conf/ll-exec d
  policy conf/ll-exec/inner.policy "ro /etc"
  granting d/inner.policy
  policy d/outer.policy "use inner"
  export XDG_CONFIG_HOME=${T}/conf
  assert_success sandboxed -p d/outer.policy -- read "${T}/file"
}

@test "use in a policy in the work directory takes the installed policy, which a command cannot replace" {
  setup_file_to_read
  mkdir -p d work program/policies
  cp "${LL_EXEC}" program/ll-exec
  policy program/policies/inner.policy "ro /etc"
  granting d/inner.policy
  policy d/outer.policy "use inner"
  policy d/named.policy "use ./inner.policy"
  refused EACCES program/ll-exec -p d/outer.policy --rx "${PROBE}" -- "${PROBE}" read "${T}/file"
  assert_success program/ll-exec -p d/named.policy --rx "${PROBE}" -- "${PROBE}" read "${T}/file"
  # Control: in another directory the policy beside it is used.
  cd work
  assert_success ../program/ll-exec -p ../d/outer.policy --rx "${PROBE}" -- "${PROBE}" read "${T}/file"
}

@test "use falls back to the search path" {
  setup_file_to_read
  mkdir -p conf/ll-exec d
  granting conf/ll-exec/inner.policy
  policy d/outer.policy "use inner"
  export XDG_CONFIG_HOME=${T}/conf
  assert_success sandboxed -p d/outer.policy -- read "${T}/file"
}

@test "use reads several policies on one line" {
  setup_file_to_read
  granting one.policy
  policy two.policy "ro /etc"
  policy p.policy "use ./one.policy ./two.policy"
  assert_success sandboxed -p p.policy -- read "${T}/file"
  assert_success sandboxed -p p.policy -- list /etc
}

@test "lines after use are read after the used policy" {
  printf 'x\n' >file
  policy one.policy "env A=one"
  policy p.policy "env A=first" "use ./one.policy" "env A=last" "ro file"
  assert_success sandboxed -p p.policy -- environment
  is "${output}" A=last
  assert_success sandboxed -p p.policy -- read "${T}/file"
}

@test "a policy that is used twice is read once" {
  setup_file_to_read
  granting base.policy
  policy left.policy "use ./base.policy"
  policy right.policy "use ./base.policy"
  policy p.policy "use ./left.policy ./right.policy"
  assert_success sandboxed -p p.policy -- read "${T}/file"
  assert_success sandboxed -p base.policy -p ./base.policy -- read "${T}/file"
}

@test "a policy that uses itself is refused" {
  policy a.policy "use ./a.policy"
  rejects "ll-exec: a.policy:1:5: the policy ./a.policy uses itself
    use ./a.policy
        ^~~~~~~~~~" -p a.policy
}

@test "a cycle of policies is refused, also through a symlink" {
  ln -s a.policy link.policy
  policy a.policy "# first" "use ./b.policy"
  policy b.policy "use ./link.policy"
  rejects "ll-exec: ./b.policy:1:5: the policy ./link.policy uses itself
    use ./link.policy
        ^~~~~~~~~~~~~" -p a.policy
}

# A chain of N nested policies: p0 uses p1 ... uses pN, which grants ${T}/file.
chain() {
  local i
  for ((i = 0; i < $1; i++)); do policy "p${i}.policy" "use ./p$((i + 1)).policy"; done
  granting "p$1.policy"
}

@test "16 nested policies are read" {
  setup_file_to_read
  chain 16
  assert_success sandboxed -p p0.policy -- read "${T}/file"
}

@test "17 nested policies are refused" {
  setup_file_to_read
  chain 17
  rejects "ll-exec: ./p16.policy:1:5: 'use' is nested deeper than 16
    use ./p17.policy
        ^~~~~~~~~~~~" -p p0.policy
}

@test "use of a file that does not exist is refused" {
  rejects_line "use ./nope.policy" \
    "ll-exec: p.policy:1:5: cannot read the policy ./nope.policy: ENOENT (no such file or directory)
    use ./nope.policy
        ^~~~~~~~~~~~~"
}

@test "use of an unknown name is refused, and the searched places are listed" {
  export XDG_CONFIG_HOME=${T}/conf
  mkdir d
  policy d/p.policy "use nope"
  rejects "ll-exec: d/p.policy:1:5: no policy is named 'nope'
    use nope
        ^~~~
  looked for nope.policy in d, ${T}/conf/ll-exec, /etc/ll-exec, ${BIN}/policies, \
${LL_TMP}/share/ll-exec/policies, in this order; a file needs a slash or a dot in its name" -p d/p.policy
}

@test "an error in a used policy has its location there" {
  policy inner.policy "ro /etc" "rwz /tmp"
  policy p.policy "use ./inner.policy"
  rejects "ll-exec: ./inner.policy:2:1: unknown directive 'rwz'
    rwz /tmp
    ^~~
  did you mean 'rw'?" -p p.policy
}

# ---- policies that the command can rewrite

@test "a warning names a policy that its own command can rewrite, and the command runs" {
  policy p.policy "rw ."
  capture sandboxed -p p.policy -- pid
  is "${errors}" "ll-exec: p.policy:1:4: warning: the command can rewrite its policy p.policy
    rw .
       ^
  keep policies where no line grants writing"
  is "${status}" 0
}

@test "a warning names a policy that its command can delete and replace" {
  policy p.policy "fs remove_file,make_reg ."
  capture sandboxed -p p.policy -- pid
  is "${errors%%$'\n'*}" \
    "ll-exec: p.policy:1:25: warning: the command can rewrite its policy p.policy"
  is "${status}" 0
}

@test "a warning names a policy that a rule on the command line makes writable" {
  policy p.policy "ro /etc"
  capture sandboxed -p p.policy --rw "${T}" -- pid
  is "${errors}" "ll-exec: argument 4: warning: the command can rewrite its policy p.policy
    --rw ${T}
         ^$(printf '~%.0s' $(seq 2 ${#T}))
  keep policies where no line grants writing"
}

@test "there is no warning for a policy that its command can only read" {
  mkdir work
  policy p.policy "ro ." "rw work"
  assert_success sandboxed -p p.policy -- pid
}
