#!/bin/bash -p
# The lists of system calls on another release of Debian than this machine's, as root: test-release.sh BUILD [SUITE]
# The tools run their corpora under the lists in a root with that release, from the mirror that apt uses here. The last line counts.
set -Eeuo pipefail

ROOT=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
BUILD=$(cd "$1" && pwd)
SUITE=${2:-trixie}
PACKAGES=poppler-utils,ghostscript,imagemagick,unzip,zip,sqlite3,tar,xz-utils,bzip2,zstd,lzip,lz4,libarchive-tools,qpdf,groff
PACKAGES+=,python3-minimal,fonts-dejavu-core,poppler-data,ffmpeg
TOOLS=(pdftotext unzip tar sqlite ghostscript imagemagick ffmpeg)
PASSED=0
FAILED=0

skip() {
  printf 'skipped: lists of system calls on %s: %s\n' "${SUITE}" "$1"
  printf '0 passed, 0 failed\n'
  exit
}

clean_up() { rm -rf --one-file-system -- "${WORK}"; }

mirror() {
  # shellcheck disable=SC2016 # apt expands it
  apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' | sed -n 's/^Debian Debian //p' | sort -u | head -n 1
}

# The root, and in it what is tried: the loader, the policies, what makes the corpora.
make_root() {
  debootstrap --variant=minbase --include="${PACKAGES}" "${SUITE}" "${WORK}/root" "$(mirror)" >"${WORK}/log" 2>&1 ||
    skip "it cannot be had: $(tail -n 1 "${WORK}/log")"
  mkdir -p "${WORK}/root/ll/bin" "${WORK}/root/ll/tests"
  cp -r "${BUILD}"/{ll-exec,ll-net,policies} "${WORK}/root/ll/bin/"
  cp -r "${ROOT}/tests/corpus" "${WORK}/root/ll/tests/"
}

try_tool() {
  local output
  if output=$("${ROOT}/packaging/enter-root.sh" "${WORK}/root" env LL_BIN=/ll/bin LL_CORPUS=/ll/corpus LL_LONG="${LL_LONG:-}" \
    /ll/tests/corpus/run.sh check "$1" 2>&1 </dev/null); then
    PASSED=$((PASSED + 1))
    printf 'ok      %s on %s: %s\n' "$1" "${SUITE}" "${output##*$'\n'}"
    return
  fi
  FAILED=$((FAILED + 1))
  printf '%s\nFAILED  %s on %s\n' "${output}" "$1" "${SUITE}"
}

main() {
  command -v debootstrap >/dev/null || skip 'debootstrap is not installed'
  WORK=$(mktemp -d /var/tmp/ll-release.XXXXXX)
  trap clean_up EXIT
  make_root
  local tool
  for tool in "${TOOLS[@]}"; do try_tool "${tool}"; done
  printf '%d passed, %d failed\n' "${PASSED}" "${FAILED}"
  ((FAILED == 0))
}

main
