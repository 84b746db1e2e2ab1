#!/bin/bash -p
# Makes a package of a finished build, in BUILD/dist or DIST: package.sh deb|tarball BUILD [DIST]
# The same sources give the same bytes, whoever makes it, where and when: times are those of the last commit, or of
# SOURCE_DATE_EPOCH.
set -Eeuo pipefail

HERE=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
STAGE=
LIBC=

# The last commit's time; without git that of the file which says what the version is.
date_of_sources() {
  git -c safe.directory="*" -C "${HERE}" log -1 --format=%ct 2>/dev/null || stat -c %Y "${HERE}/../CMakeLists.txt"
}

stage() { # BUILD PREFIX
  DESTDIR=${STAGE} cmake --install "$1" --strip --prefix "$2" >/dev/null
  find "${STAGE}$2/bin" -name 'll-*' -exec strip --remove-section=.comment {} + # as dh_strip(1) does
  find "${STAGE}$2/lib" -type f -name 'libllexec.*' -exec strip --strip-unneeded --remove-section=.comment --enable-deterministic-archives {} +
}

make_tarball() { # BUILD DIST VERSION PROCESSOR
  local name=ll-exec-$3-linux-$4
  stage "$1" "/${name}"
  mv "${STAGE}/${name}/share/doc/ll-exec"/* "${STAGE}/${name}/"
  rmdir -p --ignore-fail-on-non-empty "${STAGE}/${name}/share/doc/ll-exec"
  tar -C "${STAGE}" --sort=name --mtime="@${SOURCE_DATE_EPOCH}" --owner=0 --group=0 --numeric-owner \
    --format=gnu -cf - "${name}" | gzip -9n >"$2/${name}.tar.gz"
}

# ---- Debian

# Who packages says so, as for debchange(1).
readonly MAINTAINER="${DEBFULLNAME:-ll-exec maintainers} <${DEBEMAIL:-maintainers@ll-exec.example}>"

debian_architecture() { # PROCESSOR
  case $1 in
    x86_64) printf 'amd64\n' ;;
    aarch64) printf 'arm64\n' ;;
    *) printf '%s\n' "$1" ;;
  esac
}

print_changelog() { # VERSION
  local date
  date=$(date --utc --date="@${SOURCE_DATE_EPOCH}" --rfc-email)
  printf 'll-exec (%s) unstable; urgency=medium\n\n  * See changelog.gz for the changes of this release.\n\n -- %s  %s\n' \
    "$1" "${MAINTAINER}" "${date}"
}

# What each package has besides the program's files, then all of it as one.
pack() { # ROOT PACKAGE DIST VERSION ARCHITECTURE
  local root=$1 size control doc=$1/usr/share/doc/$2
  mkdir -p "${doc}" "${root}/DEBIAN" "${root}/usr/share/lintian/overrides"
  cp "${HERE}/debian/$2.lintian-overrides" "${root}/usr/share/lintian/overrides/$2"
  print_changelog "$4" >"${doc}/changelog.Debian"
  cp "${HERE}/debian/copyright" "${doc}/"
  find "${root}/usr/share" -type f \( -path '*/man/*' -o -name 'changelog*' \) -exec gzip -9n {} +
  # As dpkg-gencontrol(1) counts, so that no file system makes a difference.
  size=$(find "${root}/usr" -printf '%y %s\n' | awk '{ size += $1 == "f" ? int(($2 + 1023) / 1024) : 1 } END { print size }')
  control=$(<"${HERE}/debian/$2.control.in")
  control=${control//@VERSION@/"$4"}
  control=${control/@ARCHITECTURE@/"$5"}
  control=${control/@LIBC@/"${LIBC}"}
  control=${control/@MAINTAINER@/"${MAINTAINER}"}
  printf '%s\n' "${control/@SIZE@/"${size}"}" >"${root}/DEBIAN/control"
  local script
  for script in postinst prerm; do
    if [[ -e ${HERE}/debian/$2.${script} ]]; then install -m 755 "${HERE}/debian/$2.${script}" "${root}/DEBIAN/${script}"; fi
  done
  (cd "${root}" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  find "${root}" -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH}" {} +
  DPKG_DEB_THREADS_MAX=1 dpkg-deb --root-owner-group --build "${root}" "$3/$2_$4_$5.deb" >/dev/null
}

# The newest version of libc's symbols that it needs.
libc_of() { # LIBRARY
  objdump -T "$1" | sed -n 's/.*(\?GLIBC_\([0-9.]*\))\? .*/\1/p' | sort -V | tail -n 1
}

# As dpkg-gensymbols(1).
print_symbols() { # LIBRARY VERSION
  printf 'libllexec.so.1 libllexec1 (>= %s)\n* Build-Depends-Package: libllexec-dev\n LLEXEC_1@LLEXEC_1 %s\n' "$2" "$2"
  nm -D --defined-only --format=posix "$1" | sed -n "s/^\\(ll_[a-z_]*\\)@@\\(LLEXEC_1\\) .*/ \\1@\\2 $2/p" | LC_ALL=C sort
}

make_library_debs() { # DIST VERSION ARCHITECTURE
  local from=${STAGE}/usr dev=${STAGE}/dev run=${STAGE}/run
  if [[ ! -d ${from}/include ]]; then return; fi # built without
  mkdir -p "$1/library" "${run}/usr/lib" "${run}/DEBIAN" "${dev}/usr/lib" "${dev}/usr/share/man"
  mv "${from}/lib"/libllexec.so.* "${run}/usr/lib/"
  mv "${from}/lib"/libllexec.{so,a} "${from}/lib/pkgconfig" "${dev}/usr/lib/"
  mv "${from}/include" "${dev}/usr/"
  mv "${from}/share/man/man3" "${dev}/usr/share/man/"
  cp "${HERE}/debian/libllexec1.triggers" "${run}/DEBIAN/triggers"
  chmod 644 "${run}/DEBIAN/triggers" "${run}"/usr/lib/*
  print_symbols "${run}/usr/lib/libllexec.so.1" "${2%-*}" >"${run}/DEBIAN/symbols"
  printf 'libllexec 1 libllexec1 (>= %s)\n' "${2%-*}" >"${run}/DEBIAN/shlibs"
  LIBC=$(libc_of "${run}/usr/lib/libllexec.so.1")
  pack "${run}" libllexec1 "$1/library" "$2" "$3"
  pack "${dev}" libllexec-dev "$1/library" "$2" "$3"
  rm -r "${run}" "${dev}"
}

make_deb() { # BUILD DIST VERSION PROCESSOR
  local version=$3-1 doc=${STAGE}/usr/share/doc/ll-exec python
  stage "$1" /usr
  rm "${doc}/LICENSE" # which copyright names
  mv "${doc}/CHANGELOG.md" "${doc}/changelog"
  python=${STAGE}/python
  mkdir -p "${python}/usr/lib"
  mv "${STAGE}/usr/lib/python3" "${python}/usr/lib/"
  mkdir -p "$2/python"
  pack "${python}" python3-llexec "$2/python" "${version}" all
  rm -r "${python}"
  make_library_debs "$2" "${version}" "$(debian_architecture "$4")"
  rmdir --ignore-fail-on-non-empty "${STAGE}/usr/lib"
  pack "${STAGE}" ll-exec "$2" "${version}" "$(debian_architecture "$4")"
}

main() {
  local kind=$1 build dist version processor sums
  umask 022
  build=$(cd "$2" && pwd)
  read -r version processor <"${build}/release"
  SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(date_of_sources)}
  export SOURCE_DATE_EPOCH LC_ALL=C
  STAGE=$(mktemp -d)
  trap 'rm -rf -- "${STAGE}"' EXIT
  chmod 755 "${STAGE}"
  mkdir -p "${3:-${build}/dist}"
  dist=$(cd "${3:-${build}/dist}" && pwd)
  "make_${kind}" "${build}" "${dist}" "${version}" "${processor}"
  cd "${dist}"
  rm -f sha256sums
  sums=$(find . -type f -printf '%P\0' | sort -z | xargs -0 sha256sum)
  printf '%s\n' "${sums}" | tee sha256sums
}

main "$@"
