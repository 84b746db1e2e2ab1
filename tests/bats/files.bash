# shellcheck shell=bash
# Shared by the tests of paths, besides helpers.bash: load this instead of it.

load helpers

# A tree with every type of file: a test uses it, or builds its own.
tree() {
  mkdir -p a/sub b
  printf 'inside\n' >a/file
  printf 'inside\n' >b/file
  printf 'outside\n' >secret
  cp "${PROBE}" a/tool
  chmod 666 a/file b/file secret
  chmod 777 a a/sub b
}
