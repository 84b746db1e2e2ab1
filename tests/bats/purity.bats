load helpers

# lib/core makes no system call: it includes no header that could, and its objects need no such symbol.

# Once for all tests: the objects and their symbols.
setup_file() {
  export OBJECTS=${BATS_FILE_TMPDIR}
  local compiler=${CXX:-c++}
  if ! command -v "${compiler}" nm objdump >/dev/null; then return 0; fi
  find "${ROOT}/lib/core" -name '*.cpp' -print0 | xargs -0 -P "$(nproc)" -I{} sh -c '"$0" -std=c++20 -O1 \
    -ffreestanding -fno-exceptions -fno-rtti -fno-threadsafe-statics \
    -fno-asynchronous-unwind-tables -fstack-protector-strong -I "$2/lib" -c "$1" \
    -o "$3/$(basename "$1").o"' "${compiler}" {} "${ROOT}" "${OBJECTS}"
  nm "${OBJECTS}"/*.o >"${OBJECTS}/symbols"
}

core_objects() {
  needs_program nm objdump
  [[ -s ${OBJECTS}/symbols ]] || skip "needs a C++ compiler"
}

@test "core includes only its own headers and two headers of types" {
  is "$(grep -rhE '^#include' "${ROOT}/lib/core" | sort -u |
    grep -vE '^#include ("core/[a-z_/]+\.(h|def)"|<cstddef>|<cstdint>)$')" ""
}

@test "the library includes only its own headers, kernel headers and, hosted, libc headers" {
  is "$(grep -rhE '^#include' "${ROOT}/lib" | sort -u | grep -vE '^#include ("(core|os)/[a-z0-9_/]+\.(h|def)"|<[a-z_/]+(\.h)?>)$')" ""
  ! grep -rnE 'LL_(PROGRAM|VERSION|USAGE)' "${ROOT}/lib"
}

@test "core's objects need only core symbols, mem functions, host_write and the stack guard" {
  core_objects
  awk 'NF == 3 { print $3 }' "${OBJECTS}/symbols" | sort -u >defined
  awk '$1 == "U" { print $2 }' "${OBJECTS}/symbols" | sort -u >needed
  [[ -s defined && -s needed ]]
  is "$(comm -13 defined needed | grep -vE \
    '^(mem(cpy|move|set|cmp)|__stack_chk_(fail|guard)|_GLOBAL_OFFSET_TABLE_|_ZN2ll10host_writeEiNS_4TextE)$')" ""
}

@test "core's objects have no instruction that makes a system call" {
  core_objects
  objdump -d "${OBJECTS}"/*.o >code
  grep -qE '\sret' code
  ! grep -E '\s(syscall|sysenter|svc|int +\$0x80)\b' code
}

@test "core has no global that is initialised at run time" {
  core_objects
  is "$(grep -E '_GLOBAL__sub_I|__cxx_global_var_init|__cxa_' "${OBJECTS}/symbols" || true)" ""
}
