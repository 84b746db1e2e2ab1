# shellcheck shell=bash
# What the tests of paths share, besides helpers.bash: load this instead of it.

load helpers

# A tree with something of every kind: each test takes it, or builds its own.
tree() {
  mkdir -p a/sub b
  printf 'inside\n' >a/file
  printf 'inside\n' >b/file
  printf 'outside\n' >secret
  cp "${DEED}" a/tool
  chmod 666 a/file b/file secret
  chmod 777 a a/sub b
}
