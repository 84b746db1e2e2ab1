# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of helpers.bash
# Shared by the tests of --overlay and ll-changes, besides sandbox.bash: load this instead of it.
load sandbox

CHANGES=("${AS[@]}" "${BOX:-}/ll-changes")
unset XDG_STATE_HOME LL_CHANGES

# With LL_COPIES set, all of this runs in copies, without namespaces: the same tests pass, except those that say why not.
use_programs() {
  BOXED=("${AS[@]}" "${SANDBOX}" ${LL_COPIES:+--no-namespaces})
  WALL=("${AS[@]}" "${LL_NS_PROGRAM}" --no-loader --proc --private-dev)
}
use_programs

# A limitation of copies: sandbox.sh(1), CAVEATS.
not_in_a_copy() { # WHY
  [[ -z ${LL_COPIES:-} ]] || skip "not in a copy: $1"
}

setup() {
  enter_test_folder
  WORK=${T}/work LAYER=${T}/layer
}

# overlayfs removes all permissions of its work directory.
teardown() {
  if [[ -n ${started_pid:-} ]]; then kill -KILL "${started_pid}" 2>/dev/null || true; fi
  cd / || return
  leave_nest
  chmod -R u+rwx "${T}" "${ELSEWHERE:-${T}}"
  rm -rf "${T}" "${T}.stderr" "${ELSEWHERE:-${T}}"
}

# A writable directory of the user that runs the commands, which becomes the current directory.
begin_in() { # NAME
  "${AS[@]}" mkdir "$1"
  cd "$1" || return
}

overlaid() { # [OPTION...] COMMAND...
  "${BOXED[@]}" --overlay . "$@"
}

# Runs a script given as text, as an ordinary user.
as_written() { # SCRIPT
  "${AS[@]}" sh -c "$1"
}

# The state of a directory tree: names, types, modes, owners, links, times, attributes, contents; no size of directories.
state_of_tree() { # DIR
  python3 -S - "$1" <<'PYTHON'
import hashlib, os, stat, sys

def tell(path, name):
    facts = os.lstat(path)
    kind = stat.S_IFMT(facts.st_mode)
    said = [name, oct(facts.st_mode), facts.st_uid, facts.st_gid, facts.st_nlink, facts.st_mtime_ns]
    said += [(key, os.getxattr(path, key, follow_symlinks=False)) for key in sorted(os.listxattr(path, follow_symlinks=False))]
    if kind == stat.S_IFLNK: said.append(os.readlink(path))
    if kind == stat.S_IFREG: said += [facts.st_size, hashlib.sha1(open(path, "rb").read()).hexdigest()]
    print(*map(repr, said))
    if kind == stat.S_IFDIR:
        for child in sorted(os.listdir(path)): tell(path + "/" + child, os.path.normpath(name + "/" + child))

sys.setrecursionlimit(10000)
tell(sys.argv[1], ".")
PYTHON
}

# One of each kind of change. Times are set, so that two runs are equal.
seed() {
  umask 022
  mkdir -p sub gone/x rep closed todir tofile
  printf 'a\n' >a
  printf 's\n' >sub/s
  for name in gone/x/g1 gone/x/g2 m1 m2 rep/r keep h1 closed/c tofile/t xfile; do printf '%s\n' "${name}" >"${name}"; done
  ln h1 h2
  ln h1 h3
  ln -s a link
  mkfifo pipe
  mkdir -p lock/in anew
  printf '1\n' >lock/in/1
  printf '1\n' >anew/1
  ln h1 lock/h4
  printf 'ro\n' >ro
  printf 'secret\n' >secret
  chmod 444 ro
  chmod 555 closed lock/in lock anew
  chmod 000 secret
  find . -exec touch -h -d @1000000000 {} +
}

change_everything() {
  umask 022
  printf 'b\n' >>a
  rm -r gone rep tofile sub
  mkdir -p rep/r d/e/f moved shut
  printf 'q\n' >rep/r/q
  printf 'n\n' >rep/n
  printf 'x\n' >h1
  rm h2 pipe xfile
  ln -sf b link
  printf 's\n' >moved/s
  printf 'odd\n' >$'new\nline'
  chmod 600 keep
  printf 'deep\n' >d/e/f/x
  mkfifo new-pipe
  truncate -s 1M sparse
  printf 'tail\n' >>sparse
  ln a linked
  mkdir pipe
  printf '1\n' >pipe/1
  for name in m1 m2 n1 n2; do printf 'more\n' >>"${name}"; done
  chmod 755 closed
  printf 'z\n' >closed/z
  printf 'f\n' >tofile
  ln -s nowhere xfile
  printf '1\n' >shut/1
  chmod 700 todir
  chmod -R u+w lock anew
  rm -r lock anew
  mkdir anew
  mv ro was-ro
  chmod 600 secret
  printf 'SECRET\n' >secret
  touch -d @1000000000 secret # unchanged except for its content
  python3 -c 'import os; os.setxattr("n1", "user.mine", b"yes"); os.setxattr("d", "user.dir", b"yes")'
  find a rep h1 link moved "$(printf 'new\nline')" keep d new-pipe sparse linked pipe m1 m2 n1 n2 closed/z closed tofile \
    xfile todir shut was-ro anew . -maxdepth 5 -newermt @1500000000 -exec touch -h -d @1100000000 {} +
  chmod 555 d/e closed
  chmod 000 shut n2 secret
}

# As functions of a shell that is started in the directory.
run_there() { # FUNCTION
  local text
  text=$(declare -f "$1")
  "${AS[@]}" bash -c "${text}; $1"
}

# ---- interrupted commits

# A new directory with what `seed` makes. Root copies that of the first time; another user cannot read all of it.
place_seed() { # DIR
  if ((EUID != 0)); then
    seed_in "$1"
    return
  fi
  [[ -d ${T}/seeded ]] || seed_in "${T}/seeded"
  cp -a "${T}/seeded" "$1"
}

seed_in() ( # DIR
  "${AS[@]}" mkdir "$1"
  cd "$1" || return
  run_there seed
)

make_place() {
  if [[ -n ${NESTED:-} ]]; then
    make_nested_place
    return
  fi
  chmod -R u+rwx "${WORK}" 2>/dev/null || true
  rm -rf "${WORK}"
  place_seed "${WORK}"
  cd "${WORK}" || return
}

# A directory in ${WORK} and its layer, ${LAYER}, ready to be committed.
prepare() {
  chmod -R u+rwx "${LAYER}" 2>/dev/null || true
  rm -rf "${LAYER}"
  make_place
  local text
  text=$(declare -f change_everything)
  capture overlaid --keep-in "${LAYER}" bash -c "${text}; change_everything"
  is "${status}" 0
}

commit() { "${CHANGES[@]}" commit "${LAYER}"; }

# Sets ${expected}: the result of a commit that is not interrupted.
expect() {
  needs_program python3
  prepare
  assert_success commit
  expected=$(state_of_tree "${WORK}")
  [[ ! -e ${LAYER} ]]
}

# Resumes a killed commit.
converges() {
  if [[ -e ${LAYER}/0/info ]]; then assert_success commit; else rm -rf "${LAYER}"; fi
  is "$(state_of_tree "${WORK}")" "${expected}"
  [[ ! -e ${LAYER} ]]
}

# A layer on another file system than the directory, where a commit copies instead of renaming.
use_two_file_systems() {
  [[ $(stat -f -c %T /dev/shm) == tmpfs && $(stat -f -c %T "${T}") != tmpfs ]] || skip "needs a tmpfs at /dev/shm"
  ELSEWHERE=$(mktemp -d /dev/shm/ll-tests.XXXXXX)
  chmod 777 "${ELSEWHERE}"
  WORK=${ELSEWHERE}/work
}

# A directory on an overlay, as in a container, which cannot rename directories of its lower layer.
use_nested_overlay() {
  needs_root
  use_two_file_systems
  LAYER=${ELSEWHERE}/layer
  mkdir nest
  NESTED=yes
  WORK=${T}/nest/shown/work
}

make_nested_place() {
  cd "${T}/nest" || return
  leave_nest
  rm -rf ./*
  mkdir lower upper work shown
  place_seed lower/work
  mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work,redirect_dir=off none shown || skip "no overlayfs"
  cd "${WORK}" || return
}

leave_nest() {
  if mountpoint -q "${T}/nest/shown"; then umount -l "${T}/nest/shown"; fi
}

# As `start`, for a program without output.
begin_quietly() { # COMMAND...
  "$@" >"${T}/started" 2>"${T}/started.err" 3>&- &
  started_pid=$!
}
