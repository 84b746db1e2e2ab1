#!/bin/bash -p
# Static checks of the sources: lint.sh format|tidy|cppcheck|analyzer|shell|units|all|reformat
# tidy writes how each file is compiled into ${BUILD:-build}/tidy.
set -Eeuo pipefail

ROOT=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
BUILD=${BUILD:-build}

# sources NAME_PATTERN...: the files of this repository, without those of a build
sources() {
  local pattern
  local -a names=()
  for pattern; do names+=(-o -name "${pattern}"); done
  find . -type d \( -name .git -o -name 'build*' \) -prune -o -type f \( "${names[@]:1}" \) -print0
}

check_format() {
  sources '*.cpp' '*.h' | xargs -0 clang-format --dry-run -Werror
}

reformat() {
  sources '*.cpp' '*.h' | xargs -0 clang-format -i
}

# The commands that build them, of each file alone, with the options that clang-tidy's compiler might not know (-f…,
# -m…, --param) replaced by those that it must.
check_tidy() {
  local database=${BUILD}/tidy jobs
  cmake -S "${ROOT}" -B "${database}" -DLL_UNITY=OFF >/dev/null
  sed -E -i 's/ (-[fm]|--param=)[^ "]+//g' "${database}/compile_commands.json"
  jobs=$(nproc)
  local -a every=(run-clang-tidy -quiet -p "${database}" -j "${jobs}" -extra-arg=-Wno-unknown-attributes
    -extra-arg=-Wno-unknown-warning-option)
  "${every[@]}" -extra-arg=-ffreestanding -extra-arg=-fno-exceptions -extra-arg=-fno-rtti \
    "${ROOT}/(lib|loader|tools/ll-ns|tools/ll-net|tools/ll-trace|tools/ll-repeat)/.*\.cpp"
  "${every[@]}" "${ROOT}/tools/(asked|ll-ask|ll-policy|ll-mcp|ll-changes)/.*\.cpp"
}

# Buffers are left uninitialized on purpose: what is used of them is counted.
check_cppcheck() {
  local program jobs
  jobs=$(nproc)
  local -a options=(-j "${jobs}" --quiet --error-exitcode=1 --language=c++ --std=c++20 --inline-suppr
    '--enable=warning,performance,portability' --suppress=uninitMemberVar -I lib -I loader)
  cppcheck "${options[@]}" lib loader
  for program in ll-ns ll-net ll-trace ll-repeat ll-policy ll-mcp ll-changes ll-ask asked; do
    cppcheck "${options[@]}" -I tools -I "tools/${program}" "tools/${program}"
  done
}

# GCC's own, whose C++ is young: it does not see that Format::Elf is said of a whole header only.
check_analyzer() {
  local source status=0
  local -a options
  while IFS= read -r -d '' source; do
    options=(-std=c++20 -O2 -ffreestanding -fno-exceptions -fno-rtti -I lib -I loader -DLL_VERSION='""' -Werror -fanalyzer)
    if [[ ${source} == */executable_file.cpp ]]; then options+=(-Wno-analyzer-null-dereference); fi
    g++ "${options[@]}" -c "${source}" -o /dev/null || status=1
  done < <(find lib loader -name '*.cpp' -print0)
  return "${status}"
}

# Needs a build: BUILD, build/ unless given.
check_units() { scripts/units.py "${BUILD:-build}"; }

check_shell() {
  sources '*.sh' '*.bash' run | xargs -0 shellcheck -x
}

main() {
  cd "${ROOT}"
  case ${1:-all} in
    format) check_format ;;
    tidy) check_tidy ;;
    cppcheck) check_cppcheck ;;
    analyzer) check_analyzer ;;
    shell) check_shell ;;
    units) check_units ;;
    reformat) reformat ;;
    all)
      check_format
      check_shell
      check_units
      check_cppcheck
      check_analyzer
      check_tidy
      ;;
    *)
      printf 'lint.sh: format, tidy, cppcheck, analyzer, shell, units, all or reformat\n' >&2
      return 2
      ;;
  esac
}

main "$@"
