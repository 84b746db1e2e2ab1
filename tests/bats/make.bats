# bats file_tags=check
load helpers

# The Makefile and its scripts. make test-long tests that each target works alone on a fresh clone; this file tests
# past faults of targets.

TARGETS=()
read_targets() {
  local words
  words=$(sed -n '/^\.PHONY:/,/[^\\]$/{s/^\.PHONY://;s/\\$//;p}' "${ROOT}/Makefile")
  read -r -d '' -a TARGETS <<<"${words}" || true
  ((${#TARGETS[@]} > 20))
}

# The commands that a target would run. BUILD is an empty directory.
planned() { make --no-print-directory -n -C "${ROOT}" BUILD="${T}/build" "$@"; }

@test "make help names every target" {
  needs_program make
  read_targets
  local target
  assert_success make --no-print-directory -C "${ROOT}" help
  for target in "${TARGETS[@]}"; do
    [[ ${target} == all || ${target} == help || ${output} == *"make ${target} "* ]] || { printf 'not %s\n' "${target}"; return 1; }
  done
}

@test "every target names missing programs before it builds, and runs scripts that exist" {
  needs_program make
  read_targets
  local target word
  for target in "${TARGETS[@]}"; do
    assert_success planned "${target}"
    [[ ${target} == @(format|uninstall|clean|help) ]] || [[ ${output} == scripts/setup.sh* ]] || { printf 'not %s\n' "${target}"; return 1; }
    while read -r word; do
      [[ -x ${ROOT}/${word} ]] || { printf '%s runs %s\n' "${target}" "${word}"; return 1; }
    done < <(grep -oE '(scripts|tests|packaging|bench)/[a-z/-]+\.sh' <<<"${output}")
  done
}

@test "each group of packages has its list, and an unknown group is refused" {
  local group known
  capture "${ROOT}/scripts/setup.sh" --check no-such-group
  known=${errors##*: }
  [[ ${status} != 0 && ${errors} == *'unknown group no-such-group'* ]]
  for group in ${known//,/}; do
    capture "${ROOT}/scripts/setup.sh" --check "${group}"
    [[ ${errors} != *'no group'* ]]
  done
  while read -r group; do
    [[ " ${known//,/} " == *" ${group} "* ]] || { printf 'the Makefile wants %s\n' "${group}"; return 1; }
  done < <(sed -n 's/.*setup\.sh \(--check \)\{0,1\}//p' "${ROOT}/Makefile" | tr ' ' '\n')
}

@test "every file of tests has at most 400 lines" {
  local file
  for file in "${ROOT}"/tests/bats/*.bats; do
    (($(wc -l <"${file}") <= 400)) || { printf '%s\n' "${file}"; return 1; }
  done
}

@test "make compiles at most 170 files" {
  needs_program ninja
  [[ -e ${LL_BUILT}/build.ninja ]] || skip 'not built with ninja'
  if grep -qx 'LL_UNITY:BOOL=OFF' "${LL_BUILT}/CMakeCache.txt"; then skip 'built with each file compiled alone'; fi
  local -i count
  count=$(ninja -C "${LL_BUILT}" -t commands all | grep -c ' -c ')
  printf '%s\n' "${count}"
  ((count > 100 && count <= 170))
}

@test "make bench builds the programs that it measures" {
  needs_program make
  local program
  assert_success planned bench
  for program in $(sed -n "s/^ *[a-z]*) printf '\(.*\)' ;;/\1/p" "${ROOT}/bench/run.sh"); do
    [[ ${program} != ll-* || ${output} == *" ${program} "* ]] || { printf 'not %s\n' "${program}"; return 1; }
  done
}

# instead_of NAME SCRIPT: a replacement that is found first in PATH.
instead_of() {
  mkdir -p "${T}/instead"
  printf '#!/bin/sh\n%s\n' "$2" >"${T}/instead/$1"
  chmod 755 "${T}/instead/$1"
}

@test "the fuzzer links the runtime of the installed clang" {
  instead_of clang++ 'case $1 in -dumpversion) echo 27.1.0 ;; *) echo "${1#*=}" ;; esac'
  capture env PATH="${T}/instead:${PATH}" "${ROOT}/scripts/setup.sh" --check fuzz
  is "${status}" 1
  [[ ${errors} == *libclang-rt-27-dev* && ${errors} != *-14-* ]]
}

@test "test-kernels configures arm64 builds without the tools" {
  [[ $(uname -m) == x86_64 ]] || skip 'the kernels are for x86-64 machines'
  instead_of cmake "printf '%s\n' \"\$*\" >>'${T}/log'; exit 1"
  capture env BUILD="${T}/build" PATH="${T}/instead:${PATH}" "${ROOT}/tests/kernels/run.sh" arm64-enosys
  is "${status}" 2
  [[ ${errors} == *'the programs for arm64 cannot be built'* ]]
  [[ $(<log) == *-DLL_TOOLS=OFF*-DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++* ]]
}

@test "a failed or interrupted configuration does not break the build directory" {
  mkdir source
  printf '%s\n' 'cmake_minimum_required(VERSION 3.18)' 'project(x NONE)' 'if(NOT EXISTS ${CMAKE_SOURCE_DIR}/ready)' \
    'message(FATAL_ERROR "not ready")' 'endif()' 'file(WRITE ${CMAKE_BINARY_DIR}/made "${WITH}")' >source/CMakeLists.txt
  local -a build=("${ROOT}/scripts/build.sh" --source source folder)
  capture "${build[@]}" -DWITH=one
  [[ ${status} != 0 && -e folder/CMakeCache.txt && ! -e folder/made ]]
  : >source/ready
  capture "${build[@]}" -DWITH=two
  is "${status} $(<folder/made)" '0 two'
  # Interrupted before the build files were written, by another generator.
  rm -f folder/build.ninja folder/Makefile folder/made
  sed -i 's/^CMAKE_GENERATOR:INTERNAL=.*/CMAKE_GENERATOR:INTERNAL=Other/' folder/CMakeCache.txt
  capture "${build[@]}" -DWITH=three
  is "${status} $(<folder/made)" '0 three'
  # The configuration is kept.
  capture "${build[@]}" -DWITH=four
  is "${status} $(<folder/made)" '0 three'
}

@test "the second of two builds of the same folder waits for the first" {
  needs_program flock pgrep
  instead_of cmake "case \$* in *--build*) echo begun >>'${T}/log'; read -r _ <'${T}/go'; echo ended >>'${T}/log' ;; esac"
  mkfifo go
  local -a build=(env PATH="${T}/instead:${PATH}" "${ROOT}/scripts/build.sh" folder)
  "${build[@]}" 3>&- &
  waits_until grep -q begun log
  "${build[@]}" 3>&- &
  waits_until pgrep -P "$!" -x flock
  is "$(<log)" begun
  echo >go
  waits_until grep -q ended log
  echo >go
  wait
  is "$(<log)" $'begun\nended\nbegun\nended'
}

# ci_of TEST INSPECTOR KERNELS: what .ci/run says and ends with where these are the last lines of its three, or an error's.
ci_of() {
  rm -rf ci
  mkdir -p ci/.ci ci/scripts
  cp "${ROOT}/.ci/run" ci/.ci/
  printf '#!/bin/sh\n' >ci/scripts/setup.sh
  chmod 755 ci/scripts/setup.sh
  instead_of make "case \$* in *test-kernels*) l='$3' ;; *inspector) l='$2' ;; *) l='$1' ;; esac
case \$l in *' 0 failed') echo \"\$l\" ;; *passed*) echo \"\$l\"; exit 2 ;; *) exit \$l ;; esac"
  capture env PATH="${T}/instead:${PATH}" ci/.ci/run
}

@test ".ci/run adds up its three targets, and counts one that ends with an error as a failure" {
  [[ -e ${ROOT}/.ci/run ]] || skip 'these sources are no clone'
  ci_of '3 passed, 0 failed' '2 passed, 0 failed' '40 passed, 0 failed'
  is "${status} ${output##*$'\n'}" '0 45 passed, 0 failed'
  ci_of '3 passed, 0 failed' '2 passed, 0 failed' '40 passed, 5 failed'
  is "${status} ${output##*$'\n'}" '1 45 passed, 5 failed'
  ci_of '3 passed, 1 failed' 2 '40 passed, 0 failed'
  is "${status} ${output##*$'\n'}" '1 43 passed, 2 failed'
  ci_of '3 passed, 0 failed' '2 passed, 0 failed' 1
  is "${status} ${output##*$'\n'}" '1 5 passed, 1 failed'
  [[ ${output} == *'FAILED  make test-kernels '*'(status 1)'* ]]
  ci_of 0 '2 passed, 0 failed' '40 passed, 0 failed'
  is "${status} ${output##*$'\n'}" '1 42 passed, 1 failed'
}

# All targets except test-long, of which this test is a part.
@test "every target works on its own in a fresh clone" {
  needs_time
  needs_program make git
  [[ -e ${ROOT}/.git ]] || skip 'these sources are no clone'
  local target home=${NPM_HOME:-/root}
  local -a words
  # In a directory that may have a long path, and that no policy grants.
  for target in all check demo escapes 'test-kernels KERNELS=arm64-enosys' 'bench BENCH=--quick' 'fuzz TIME=1' coverage lint \
    format "install PREFIX=${T}/prefix" tarball deb wheel test-mcp-inspector clean help; do
    read -r -a words <<<"${target}"
    rm -rf clone
    git clone -q "${ROOT}" clone
    capture env -u BUILD -u LL_BUILT -u LL_EXEC -u LL_TOOLS HOME="${home}" make -C clone "${words[@]}"
    ((status == 0)) || { printf 'make %s: %s\n%s\n%s\n' "${target}" "${status}" "${output}" "${errors}" | tail -n 50; return 1; }
  done
}
