load helpers

# Real programs in a tree that is granted rw or rwx run without a refusal.

SYSTEM=(--rx /usr --rx=-/bin --rx=-/lib --rx=-/lib64 --ro /etc --dev /dev/null --ro /dev/urandom)

@test "git init, add, commit, branch and gc work in an rw tree" {
  needs_program git
  mkdir work
  printf 'hello\n' >work/file
  capture "${LL_EXEC}" "${SYSTEM[@]}" --rw work --env PATH --env HOME="${T}/work" --chdir work -- \
    /bin/sh -ec '
      git init -q .
      git -c user.name=n -c user.email=e add file
      git -c user.name=n -c user.email=e commit -q -m first
      git checkout -q -b other
      git mv file moved
      git -c user.name=n -c user.email=e commit -q -m second
      git gc -q
      git log --format=%s'
  is "${errors}" ""
  is "${status} ${output}" $'0 second\nfirst'
}

@test "git clone works from one granted tree into another" {
  needs_program git
  mkdir from to
  git -C from init -q
  printf 'hello\n' >from/file
  git -C from add file
  git -C from -c user.name=n -c user.email=e commit -q -m first
  capture "${LL_EXEC}" "${SYSTEM[@]}" --ro from --rw to --env PATH --env HOME="${T}/to" -- \
    git clone -q from to/clone
  is "${status} ${errors}" "0 "
  is "$(<to/clone/file)" hello
}

@test "make works in an rw tree, and moves files between its directories" {
  needs_program make
  mkdir -p work/tmp work/out
  printf 'out/result: tmp/result\n\tmv $< $@\ntmp/result:\n\tprintf done >$@\n' >work/Makefile
  capture "${LL_EXEC}" "${SYSTEM[@]}" --rw work --chdir work -- make -s
  is "${status} ${errors}" "0 "
  is "$(<work/out/result)" "done"
}

@test "a compiler works in an rwx tree, and its output runs there" {
  needs_program cc
  mkdir work
  printf '#include <stdio.h>\nint main(void) { puts("built"); }\n' >work/main.c
  capture "${LL_EXEC}" "${SYSTEM[@]}" --rwx work --env PATH --env TMPDIR="${T}/work" --chdir work -- \
    /bin/sh -ec 'cc -o main main.c && ./main'
  is "${status} ${output} ${errors}" "0 built "
  capture "${LL_EXEC}" "${SYSTEM[@]}" --rw work --chdir work -- ./main
  is "${status}" 126
}

@test "mv and ln work between two granted trees, as cargo and npm use them" {
  mkdir one two
  printf 'x\n' >one/a
  printf 'x\n' >one/b
  printf 'x\n' >one/c
  mkdir one/dir
  assert_success "${LL_EXEC}" "${SYSTEM[@]}" --rw one --rw two -- /bin/sh -ec '
    mv one/a two/a
    ln one/b two/b
    mv one/dir two/dir
    mv -f one/c two/a'
  is "$(ls two)" $'a\nb\ndir'
}

@test "tar unpacks into an rw tree" {
  needs_program tar
  mkdir work in
  printf 'x\n' >in/file
  ln in/file in/hard
  ln -s file in/link
  tar -cf archive.tar in
  capture "${LL_EXEC}" "${SYSTEM[@]}" --ro archive.tar --rw work -- tar -C work --no-same-owner -m \
    -xf archive.tar
  is "${status} ${errors}" "0 "
  is "$(<work/in/link)" x
}

@test "a shell runs pipes, here documents and background jobs" {
  needs_abi 1
  assert_success "${LL_EXEC}" "${SYSTEM[@]}" --rw "${T}" --env PATH --env TMPDIR="${T}" -- /bin/sh -ec '
    printf "b\na\n" | sort | head -n 1
    cat <<END
here
END
    sleep 0 & wait'
  is "${output}" $'a\nhere'
}
