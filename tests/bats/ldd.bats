# shellcheck shell=bash disable=SC2016,SC2154  # for ld.so and sh, not for bash; from helpers.bash
load ldd

@test "--ldd grants what a command needs to start, and the command runs with nothing else" {
  assert_success "${LL_EXEC}" --ldd -- /bin/ls /etc/ld.so.cache
  is "${output}" /etc/ld.so.cache
}

@test "the command of the --ldd test is refused without --ldd" {
  capture "${LL_EXEC}" -- /bin/ls /etc/ld.so.cache
  is "${status} ${output}" "126 "
}

@test "--ldd grants no other file" {
  capture "${LL_EXEC}" --ldd -- /bin/cat /etc/passwd
  is "${status} ${output}" "1 "
  is "${errors##*: }" "Permission denied"
}

@test "--ldd --explain lists each file, and the argument that it comes from" {
  capture "${LL_EXEC}" --explain --ldd -- /bin/ls
  is "${status}" 0
  [[ ${output} == *"r---x------ $(realpath /bin/ls) "*"rx  argument 4"* ]]
  [[ ${output} == *"r---------- /etc/ld.so.cache "*"ro  argument 4"* ]]
  [[ ${output} == *"r---x------ "*"/libc.so.6 "*"rx  argument 4"* ]]
}

@test "--ldd grants the files that ldd lists: ls" { same_as_ldd ls; }
@test "--ldd grants the files that ldd lists: python3" { same_as_ldd /usr/bin/python3; }
@test "--ldd grants the files that ldd lists: git" { same_as_ldd git; }
@test "--ldd grants the files that ldd lists: ffmpeg" { same_as_ldd ffmpeg; }
@test "--ldd grants the files that ldd lists: bash" { same_as_ldd bash; }
@test "--ldd grants the files that ldd lists: cc" { same_as_ldd cc; }

@test "--ldd finds a command in PATH and in the current directory, after chdir" {
  mkdir folder
  cp /bin/echo folder/mine
  assert_success env PATH="${T}/folder" "${LL_EXEC}" --ldd -- mine found
  is "${output}" found
  assert_success "${LL_EXEC}" --ldd --chdir folder -- ./mine found
  is "${output}" found
}

@test "--ldd with a command that does not exist has exit status 127" {
  capture "${LL_EXEC}" --ldd -- ./nowhere
  is "${status} ${errors}" "127 ll-exec: argument 3: cannot read ${T}/nowhere: \
ENOENT (no such file or directory)
    -- ./nowhere
       ^~~~~~~~~"
  capture "${LL_EXEC}" --ldd -- nowhere-at-all
  is "${status}" 127
}

@test "--ldd grants a static program only itself" {
  needs_program cc
  printf '#include <unistd.h>\nint main(void) { return write(1, "static\\n", 7) != 7; }\n' >s.c
  cc -static s.c -o static 2>/dev/null || skip "needs a static libc"
  assert_success "${LL_EXEC}" --ldd -- ./static
  is "${output}" static
  is "$(granted ./static)" "${T}/static"
}

# ---- library search

@test "--ldd follows RUNPATH with \$ORIGIN" {
  needs_program cc
  mkdir -p app/bin app/lib
  library app/lib/libmine.so mine
  program app/bin/prog mine -Lapp/lib -lmine '-Wl,-rpath,$ORIGIN/../lib,--enable-new-dtags'
  assert_success "${LL_EXEC}" --ldd -- app/bin/prog
  is "${output}" 4
  is "$(granted app/bin/prog)" "$(listed app/bin/prog)"
}

@test "--ldd expands \${ORIGIN}, \$PLATFORM and \$LIB" {
  needs_program cc
  local lib folder
  lib=$(realpath "$(ldd /bin/ls | sed -n 's/^\t\(\/.*\) (0x.*/\1/p')")
  lib=${lib%/*}
  lib=${lib#/usr}
  for folder in '${ORIGIN}/x' '$ORIGIN/$PLATFORM' '$ORIGIN/${PLATFORM}' '$ORIGIN/${LIB}'; do
    rm -rf x "$(uname -m)" lib lib64 prog
    mkdir -p x "$(uname -m)" ".${lib}"
    case ${folder} in
      *x) library x/libmine.so mine ;;
      *LIB*) library ".${lib}/libmine.so" mine ;;
      *) library "$(uname -m)/libmine.so" mine ;;
    esac
    program prog mine "$(find . -name libmine.so)" "-Wl,-rpath,${folder}"
    capture ./prog
    is "${folder} ${status} ${output}" "${folder} 0 4"
    assert_success "${LL_EXEC}" --ldd -- ./prog
    is "${output}" 4
  done
}

@test "RPATH applies to libraries of libraries as well" {
  needs_program cc
  mkdir lib
  library lib/libdeep.so deep
  printf 'int deep(void);\nint mine(void) { return deep(); }\n' |
    cc -shared -fPIC -x c - -x none -o lib/libmine.so -Wl,-soname,libmine.so -Llib -ldeep
  program prog mine -Llib -lmine "-Wl,-rpath,${T}/lib,--disable-new-dtags" "-Wl,-rpath-link,lib"
  assert_success "${LL_EXEC}" --ldd -- ./prog
  is "${output}" 4
  is "$(granted ./prog)" "$(listed ./prog)"
}

@test "RUNPATH does not apply to libraries of libraries, and the command is refused" {
  needs_program cc
  mkdir lib
  library lib/libdeep.so deep
  printf 'int deep(void);\nint mine(void) { return deep(); }\n' |
    cc -shared -fPIC -x c - -x none -o lib/libmine.so -Wl,-soname,libmine.so -Llib -ldeep
  program prog mine -Llib -lmine "-Wl,-rpath,${T}/lib,--enable-new-dtags" "-Wl,-rpath-link,lib"
  capture ./prog
  is "${status}" 127
  capture "${LL_EXEC}" --ldd -- ./prog
  is "${status} ${output}" "125 "
  is "${errors}" "ll-exec: argument 3: libdeep.so is not found, but ${T}/lib/libmine.so needs it
    -- ./prog
       ^~~~~~
  install it; libraries are looked for in LD_LIBRARY_PATH, too"
}

@test "LD_LIBRARY_PATH is searched after RPATH and before RUNPATH" {
  needs_program cc
  mkdir one two
  library one/libmine.so mine
  library two/libmine.so mine
  program plain mine -Lone -lmine
  program old mine -Lone -lmine "-Wl,-rpath,${T}/one,--disable-new-dtags"
  program new mine -Lone -lmine "-Wl,-rpath,${T}/one,--enable-new-dtags"
  capture "${LL_EXEC}" --ldd -- ./plain
  is "${status}" 125
  export LD_LIBRARY_PATH="/nowhere:${T}/two"
  local name
  for name in plain old new; do
    assert_success "${LL_EXEC}" --ldd -- "./${name}"
    is "$(granted "./${name}")" "$(listed "./${name}")"
  done
  [[ $(granted ./old) == *"${T}/one/libmine.so"* ]]
  [[ $(granted ./new) == *"${T}/two/libmine.so"* ]]
}

@test "an empty entry of LD_LIBRARY_PATH is the current directory" {
  needs_program cc
  library libmine.so mine
  program prog mine -L. -lmine
  assert_success env LD_LIBRARY_PATH=/nowhere: "${LL_EXEC}" --ldd -- ./prog
  assert_success env LD_LIBRARY_PATH=:/nowhere "${LL_EXEC}" --ldd -- ./prog
  capture env LD_LIBRARY_PATH= "${LL_EXEC}" --ldd -- ./prog
  is "${status}" 125
}

@test "a library in LD_PRELOAD is granted, and ignored where it does not exist" {
  needs_program cc
  library libmine.so mine
  local before
  before=$(granted /bin/true)
  is "$(LD_PRELOAD="${T}/libmine.so" granted /bin/true | grep -c libmine.so)" 1
  is "$(LD_PRELOAD="/nowhere.so ${T}/libmine.so:/none.so" granted /bin/true)" \
    "$(printf '%s\n' "${before}" "${T}/libmine.so" | sort)"
}

@test "a library name with a slash is used as a path" {
  needs_program cc
  mkdir lib
  library lib/libmine.so mine "-Wl,-soname,${T}/lib/libmine.so"
  program prog mine lib/libmine.so
  assert_success "${LL_EXEC}" --ldd -- ./prog
  is "$(granted ./prog)" "$(listed ./prog)"
}

@test "a library that LD_PRELOAD loads by the same soname is not searched for" {
  needs_program cc
  library libdeep.so.1.2 deep -Wl,-soname,libdeep.so.1
  program prog deep ./libdeep.so.1.2
  capture "${LL_EXEC}" --ldd -- ./prog
  is "${status}" 125
  assert_success env LD_PRELOAD="${T}/libdeep.so.1.2" "${LL_EXEC}" --ldd -- ./prog
  is "${output}" 4
}

@test "a library of another architecture is skipped" {
  needs_program cc
  mkdir one two
  library two/libmine.so mine
  { printf '\177ELF\2\1\1'; head -c 200 /dev/zero; } >one/libmine.so
  program prog mine two/libmine.so "-Wl,-rpath,${T}/one:${T}/two"
  assert_success "${LL_EXEC}" --ldd -- ./prog
  is "${output}" 4
}

@test "--ldd ends on libraries that need each other" {
  needs_program cc
  printf 'int b(void);\nint a(void) { return 1; }\n' >a.c
  cc -shared -fPIC a.c -o liba.so -Wl,-soname,liba.so
  printf 'int a(void);\nint b(void) { return a(); }\n' | cc -shared -fPIC -x c - -o libb.so -L. -la
  cc -shared -fPIC a.c -o liba.so -Wl,-soname,liba.so -Wl,--no-as-needed -L. -lb
  program prog b -L. -lb "-Wl,-rpath,${T},--disable-new-dtags"
  assert_success timeout 10 "${LL_EXEC}" --ldd -- ./prog
  is "$(granted ./prog)" "$(listed ./prog)"
}

@test "--ldd grants a musl program the libraries of musl" {
  needs_program musl-gcc
  mkdir lib
  printf 'int mine(void) { return 4; }\n' | musl-gcc -shared -fPIC -x c - -o lib/libmine.so
  printf '#include <stdio.h>\nint mine(void);\nint main(void) { printf("%%d\\n", mine()); }\n' |
    musl-gcc -x c - -o prog -Llib -lmine "-Wl,-rpath,${T}/lib"
  assert_success "${LL_EXEC}" --ldd -- ./prog
  is "${output}" 4
  [[ $(granted ./prog) != */libc.so.6* ]]
  rm lib/libmine.so
  capture "${LL_EXEC}" --ldd -- ./prog
  is "${status} ${errors%%$'\n'*}" \
    "125 ll-exec: argument 3: libmine.so is not found, but ${T}/prog needs it"
  assert_success env LD_LIBRARY_PATH=/nowhere "${LL_EXEC}" --explain --ldd -- /bin/ls
}
