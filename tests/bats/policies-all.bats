load policies

# All policies at once: what a hijacked program must not be able to do, and trees of other distributions.

# The policies, and whether a hijacked program has a shell under each. Every policy has a row here, and its own test
# with real programs.
rows() {
  printf '%s\n' agent:sh base: browsing:sh build:sh cargo:sh cargo-offline:sh claude:sh code:sh codex:sh curl: ffmpeg: \
    ghostscript: git: git-commit:sh go:sh go-offline:sh gpu: imagemagick: internet: make:sh minimal:sh node: npm-install:sh \
    npm-install-offline:sh offline:sh opencode:sh pdftotext: pip-install:sh proc: project: python: reproducible: restrict:sh \
    sandbox:sh secrets: server:sh sqlite: system:sh tar: tls: unzip: \
    {ffmpeg,ghostscript,imagemagick,pdftotext,sqlite,tar,unzip}-calls:
}

# A directory where every policy is valid: it has the paths that some require.
prepare_all() {
  own mkdir -p "${HOME}/.claude" "${HOME}/.codex" "${HOME}"/{.config,.local/share,.local/state,.cache}/opencode \
    node_modules .venv
  own sh -c 'echo {} >~/.claude/settings.json; echo >~/.codex/config.toml'
  own git init -q .
  printf '.\n' | own_file .git/commondir
  own touch .git/config.worktree
  own mkdir .git/modules
}

@test "every policy has a row in the table, and a test with its program" {
  local file name names
  names=$(rows | cut -d: -f1)
  for file in "${ROOT}"/policies/*.policy; do
    name=$(basename "${file}" .policy)
    grep -qx "${name}" <<<"${names}" || { printf 'no row: %s\n' "${name}"; return 1; }
    grep -qE "^@test \"(.*; )?${name}[:;]" "${ROOT}"/tests/bats/policies-*.bats ||
      { printf 'no test: %s\n' "${name}"; return 1; }
  done
  is "$(wc -l <<<"${names}")" "$(find "${ROOT}/policies" -name '*.policy' | wc -l)"
}

hijack_each() {
  prepare_all
  local row name
  while IFS= read -r row; do
    name=${row%%:*}
    local -a hijacked=("${name}" --best-effort --rx "${PROBE}" -- "${PROBE}")
    does_not "${hijacked[@]}" read "${HOME}/secret"
    does_not "${hijacked[@]}" create "${HOME}/planted"
    if [[ ${row} == *sh* ]]; then
      does "${hijacked[@]}" exec /bin/sh -c :
    else
      does_not "${hijacked[@]}" exec /bin/sh -c :
    fi
    # A private network namespace has no peers: that the network is refused is tested under ll-exec.
    [[ ${WALL} == ll-exec ]] || continue
    does_not "${hijacked[@]}" bind 0
    does_not "${hijacked[@]}" connect 9
    [[ ${errors} != *ECONNREFUSED* ]]
    if [[ ${name} =~ ^(base|gpu|internet|proc|project|secrets|tls)$ ]]; then continue; fi
    export LL_PASSWORD=hunter2
    under "${hijacked[@]}" environment
    unset LL_PASSWORD
    [[ ${output} == *LC_ALL=C* && ${output} != *hunter2* ]] || { printf '%s passes passwords\n' "${name}"; return 1; }
  done < <(rows)
  own "${PROBE}" read "${HOME}/secret"
  own "${PROBE}" create "${HOME}/planted"
  own "${PROBE}" exec /bin/sh -c :
  own "${PROBE}" bind 0
}

@test "a hijacked program cannot read secrets, write or bind elsewhere, start a shell or connect, except as documented" {
  needs_program git
  on_each_wall hijack_each
}

@test "every policy is valid on every ABI, except for ports on ABIs without them" {
  own mkdir job
  cd job
  prepare_all
  local row name number
  while IFS= read -r row; do
    name=${row%%:*}
    for number in 1 2 3 4 5 6 7 8 9 10 11; do
      capture "${AS[@]}" "${BOX}/ll-exec" -p "${name}" --abi "${number}" --explain
      if ((status == 125 && number < 4)) && [[ ${errors} == *.policy:*"needs Landlock ABI 4"* ]]; then continue; fi
      is "${name} ${number} ${status} ${errors}" "${name} ${number} 0 "
    done
  done < <(rows)
}

# A tree like Alpine's: musl, busybox, no /lib64, no /etc/ssl/certs.
alpine() {
  local tree=${T}/alpine arch
  arch=$(uname -m)
  own mkdir -p "${tree}"/{bin,lib,usr/bin,usr/lib,etc,tmp,dev,proc,root/.cache/ll-exec,root/.claude,root/.codex,root/{.config,.local/share,.local/state,.cache}/opencode,job/node_modules} \
    "${tree}"/job/{.venv,.git/{hooks,modules}}
  own cp "/lib/ld-musl-${arch}.so.1" "${tree}/lib/"
  own cp "$(command -v busybox)" "${tree}/bin/"
  own cp "${BOX}"/{ll-exec,ll-net} "${tree}/bin/"
  own cp -r "${BOX}/policies" "${tree}/bin/"
  own touch "${tree}"/root/{.claude/settings.json,.codex/config.toml} "${tree}"/job/.git/{config,config.worktree,commondir}
  printf '#include <stdio.h>\nint main(void) { return puts("musl") < 0; }\n' | own_file "${T}/musl.c"
  own musl-gcc -o "${tree}/usr/bin/tool" "${T}/musl.c"
  printf 'root:x:0:0::/root:/bin/sh\n' | own_file "${tree}/etc/passwd"
}

in_alpine() { own unshare -Ur chroot "${T}/alpine" /bin/busybox env -i HOME=/root PATH=/usr/bin:/bin /bin/busybox sh -c "$@"; }

@test "every policy is valid in a tree of musl and busybox, and base, minimal and sandbox run its programs" {
  needs_program musl-gcc busybox unshare
  own unshare -Ur true || skip "needs user namespaces"
  alpine
  in_alpine : || skip "needs a static busybox"
  local row name
  # shellcheck disable=SC2016 # of the tree
  while IFS= read -r row; do
    name=${row%%:*}
    capture in_alpine 'cd /job && exec ll-exec --best-effort -q -p "$1" --explain' - "${name}"
    is "${name} ${status} ${errors}" "${name} 0 "
  done < <(rows)
  local options
  for options in '-p base --rx /usr/bin/tool' '-p minimal' '-p sandbox'; do
    # shellcheck disable=SC2086 # several words
    capture in_alpine 'cd /job && exec ll-exec -q "$@" -- /usr/bin/tool' - ${options}
    is "${status} ${output} ${errors}" "0 musl "
  done
  capture in_alpine 'cd /job && exec ll-exec -q -p minimal -- busybox sh -c "busybox ls / >/dev/null; echo x >/job/new"'
  ((status != 0))
  capture in_alpine 'cd /job && busybox sh -c "busybox ls / >/dev/null; echo x >/job/new"'
  is "${status}" 0
}
