load policies

# All shipped policies at once: what none of them may let a hijacked program do, and trees of other distributions.

# The policies, and what a hijacked program has under each: a shell (sh), a network (443 or any: its ports). Every policy
# has its row here and a test of its own, with real programs.
rows() {
  printf '%s\n' base: browsing:sh,443 build:sh,443 cargo:sh claude:sh,443 code:sh codex:sh,443 curl:443 ffmpeg: \
    ghostscript: git: git-commit:sh go:sh gpu: imagemagick: make:sh minimal:sh node: npm-install:sh,443 \
    npm-install-offline:sh offline:sh opencode:sh,443 pdftotext: pip-install:sh,443 project: python: restrict:sh \
    sandbox:sh secrets: server:sh sqlite: system:sh tar: tls:443 unzip:
}

# Where every policy can be planned: what some of them want to be there.
prepare_all() {
  own mkdir -p "${HOME}/.claude" "${HOME}/.codex" node_modules .venv
  own sh -c 'echo {} >~/.claude/settings.json; echo >~/.codex/config.toml'
  own git init -q .
  printf '.\n' | own_file .git/commondir
}

@test "every policy has a row, and a test with its program" {
  local file name names
  names=$(rows | cut -d: -f1)
  for file in "${ROOT}"/policies/*.policy; do
    name=$(basename "${file}" .policy)
    grep -qx "${name}" <<<"${names}" || { printf 'no row: %s\n' "${name}"; return 1; }
    grep -qE "^@test \"(.*; )?${name}[: ]" "${ROOT}"/tests/bats/{policies-*,shipped}.bats ||
      { printf 'no test: %s\n' "${name}"; return 1; }
  done
  is "$(wc -l <<<"${names}")" "$(find "${ROOT}/policies" -name '*.policy' | wc -l)"
}

hijack_each() {
  prepare_all
  local row name
  while IFS= read -r row; do
    name=${row%%:*}
    local -a hijacked=("${name}" --best-effort --rx "${DEED}" -- "${DEED}")
    does "${hijacked[@]}" exit 0
    does_not "${hijacked[@]}" read "${HOME}/secret"
    does_not "${hijacked[@]}" create "${HOME}/planted"
    does_not "${hijacked[@]}" create /var/tmp/ll-planted
    does_not "${hijacked[@]}" bind 0
    if [[ ${row} == *sh* ]]; then
      does "${hijacked[@]}" exec /bin/sh -c :
    else
      does_not "${hijacked[@]}" exec /bin/sh -c :
    fi
    does_not "${hijacked[@]}" connect 9
    if [[ ${row} == *443* && $(abi) -ge 4 ]]; then
      does_not "${hijacked[@]}" connect 443
      [[ ${errors} == *ECONNREFUSED* ]]
    fi
    [[ ${name} =~ ^(base|gpu|project|secrets|tls)$ ]] && continue
    export LL_PASSWORD=hunter2
    under "${hijacked[@]}" environment
    unset LL_PASSWORD
    [[ ${output} != *hunter2* ]] || { printf '%s passes passwords\n' "${name}"; return 1; }
  done < <(rows)
  own "${DEED}" read "${HOME}/secret"
  own "${DEED}" create "${HOME}/planted"
  own "${DEED}" exec /bin/sh -c :
  own "${DEED}" bind 0
}

@test "a hijacked program reads no secret, writes nowhere else, binds nothing, and has no shell, port or password but as said" {
  needs_program git
  on_each_wall hijack_each
}

# A tree as Alpine has it: musl, busybox, no /lib64, no /etc/ssl/certs.
alpine() {
  local tree=${T}/alpine arch
  arch=$(uname -m)
  own mkdir -p "${tree}"/{bin,lib,usr/bin,usr/lib,etc,tmp,dev,proc,root/.cache/ll-exec,root/.claude,root/.codex,job/node_modules} \
    "${tree}"/job/{.venv,.git/hooks}
  own cp "/lib/ld-musl-${arch}.so.1" "${tree}/lib/"
  own cp "$(command -v busybox)" "${tree}/bin/"
  own cp "${BOX}/ll-exec" "${tree}/bin/"
  own cp -r "${BOX}/policies" "${tree}/bin/"
  own touch "${tree}"/root/{.claude/settings.json,.codex/config.toml} "${tree}"/job/.git/{config,commondir}
  printf '#include <stdio.h>\nint main(void) { return puts("musl") < 0; }\n' | own_file "${T}/musl.c"
  own musl-gcc -o "${tree}/usr/bin/tool" "${T}/musl.c"
  printf 'root:x:0:0::/root:/bin/sh\n' | own_file "${tree}/etc/passwd"
}

in_alpine() { own unshare -Ur chroot "${T}/alpine" /bin/busybox env -i HOME=/root PATH=/usr/bin:/bin /bin/busybox sh -c "$@"; }

@test "in a tree of musl and busybox every policy is planned, and base, minimal and sandbox run what is linked there" {
  needs_program musl-gcc busybox unshare
  own unshare -Ur true || skip "needs user namespaces"
  alpine
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
