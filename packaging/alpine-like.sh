#!/bin/bash -p
# Makes a root like Alpine's of this machine's parts: alpine-like.sh ROOT
# busybox is the userland and musl the libc; there is no bash, no glibc where one is looked for and no package database. A
# toolchain waits in /opt/glibc, with a libc of its own; /sbin/apk is a stand-in that only puts it on PATH.
set -Eeuo pipefail

ROOT=$1
OPT=/opt/glibc
GCC=$(dirname "$(g++ -print-libgcc-file-name)")
GCC_VERSION=${GCC##*/}
TRIPLET=$(g++ -dumpmachine)
MACHINE=$(uname -m)

add_userland() {
  local applet
  mkdir -p "${ROOT}"/{bin,sbin,lib,usr/bin,usr/lib,usr/include,etc,proc,dev,tmp,root,home/u}
  cp "$(command -v busybox)" "${ROOT}/bin/busybox"
  while IFS= read -r applet; do ln -s /bin/busybox "${ROOT}/bin/${applet}"; done < <(busybox --list | grep -v busybox)
  printf 'root:x:0:0::/root:/bin/sh\nu:x:1000:1000::/home/u:/bin/sh\n' >"${ROOT}/etc/passwd"
  chmod 1777 "${ROOT}/tmp"
  chown 1000:1000 "${ROOT}/home/u"
}

add_musl() {
  cp "/usr/lib/${MACHINE}-linux-musl/libc.so" "${ROOT}/lib/ld-musl-${MACHINE}.so.1"
  cp -a "/usr/lib/${MACHINE}-linux-musl"/{*.o,*.a} "${ROOT}/usr/lib/"
  cp -a "/usr/include/${MACHINE}-linux-musl/." "${ROOT}/usr/include/"
  # What the library headers of a compiler for glibc ask it.
  printf '#define __GLIBC_PREREQ(major, minor) 0\n' >>"${ROOT}/usr/include/features.h"
  printf '#include <stdio.h>\nint main(int count, char **words) {\n%s\n}\n' \
    'FILE *file = fopen(words[count - 1], "r"); int c; if (!file) { perror(words[1]); return 1; }
     while ((c = getc(file)) != EOF) putchar(c); return 0;' >"${ROOT}/tmp/show.c"
  musl-gcc -o "${ROOT}/usr/bin/show" "${ROOT}/tmp/show.c"
}

# What it links, and the dynamic loader.
add_libraries() { # FILE...
  ldd "$@" 2>/dev/null | grep -o '/[^ ]*' | grep -v ':$' | sort -u |
    while IFS= read -r library; do cp -n -L "${library}" "${ROOT}${OPT}/lib/"; done
}

add_toolchain() {
  local name file
  mkdir -p "${ROOT}${OPT}"/{bin,share,include/"${TRIPLET}"} "${ROOT}${OPT}/lib/gcc/${TRIPLET}"
  for name in bash make cmake g++ as ld ar nm ranlib strip objcopy readelf; do
    cp -L "$(command -v "${name}")" "${ROOT}${OPT}/bin/${name}"
    add_libraries "$(command -v "${name}")"
  done
  ln -s g++ "${ROOT}${OPT}/bin/c++"
  cp -a "${GCC}" "${ROOT}${OPT}/lib/gcc/${TRIPLET}/"
  cp -a "/usr/include/c++" "${ROOT}${OPT}/include/"
  cp -a "/usr/include/${TRIPLET}/c++" "${ROOT}${OPT}/include/${TRIPLET}/"
  cp -a /usr/share/cmake-* "${ROOT}${OPT}/share/"
  rm -f "${ROOT}${OPT}/lib/gcc/${TRIPLET}/${GCC_VERSION}"/lib{stdc++,gcc_s}.so
  ar rc "${ROOT}/usr/lib/libgcc_s.a"
  for name in cc1plus collect2 lto1 lto-wrapper liblto_plugin.so; do add_libraries "${GCC}/${name}"; done
  for file in "${ROOT}${OPT}"/bin/* "${ROOT}${OPT}/lib/gcc/${TRIPLET}/${GCC_VERSION}"/{cc1plus,collect2,lto1,lto-wrapper}; do
    [[ ! -L ${file} ]] || continue
    patchelf --set-interpreter "${OPT}/lib/$(basename "$(patchelf --print-interpreter "${file}")")" --force-rpath \
      --set-rpath "${OPT}/lib" "${file}"
  done
  ln -s "${OPT}/bin/make" "${ROOT}/usr/bin/make"
}

add_apk() {
  cat >"${ROOT}/sbin/apk" <<END
#!/bin/sh
echo "\$@" >/root/apk
for program in ${OPT}/bin/*; do ln -sf "\${program}" /usr/bin/; done
ln -sf ${OPT}/bin/bash /bin/bash
END
  chmod +x "${ROOT}/sbin/apk"
}

add_userland
add_musl
add_toolchain
add_apk
