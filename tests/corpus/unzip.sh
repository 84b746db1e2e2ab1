# shellcheck shell=bash
# shellcheck disable=SC1091,SC2034,SC2154 # of run.sh
# unzip: archives of several makers, whole and broken, listed, tested, printed and unpacked.

make_inputs() {
  mkdir -p tree/folder/empty
  local -i i
  for ((i = 0; i < 20; i++)); do printf 'line %d\n' {1..200} >"tree/file-${i}"; done
  printf 'a\r\nb\r\n' >tree/text.txt
  head -c 60000 /dev/zero >tree/folder/zeros
  ln -s file-1 tree/link
  chmod 750 tree/file-2
  touch -d 2001-02-03 tree/file-3
  maybe zip -qr deflated.zip tree
  maybe zip -q0ry stored.zip tree
  maybe zip -q9rX -Z bzip2 bzip2.zip tree
  maybe zip -qr -P secret encrypted.zip tree
  maybe zip -qr -fz big.zip tree
  maybe zip -qr -s 64k split.zip tree
  { printf '#!/bin/sh\nexit\n'; cat deflated.zip; } >self-extracting.zip
  maybe bsdtar -cf bsdtar.zip --format zip tree
  maybe python3 -c 'import zipfile; z = zipfile.ZipFile("python.zip", "w", zipfile.ZIP_LZMA); z.write("tree/text.txt"); z.writestr("../up", "x"); z.writestr("/abs", "x"); z.writestr("\u65e5\u672c", "x")'
  samples 4 '*.zip' '*.jar' '*.whl'
  breaks 12 ./*.zip
  rm -r tree
  printf 'secret\n%.0s' {1..50} >password
  : >empty.zip
}

run_jobs() {
  local file
  for file in "${INPUTS}"/*.zip "${INPUTS}"/*.jar "${INPUTS}"/*.whl; do
    [[ -e ${file} ]] || continue
    file=${file##*/}
    job unzip -o "${file}"
    if [[ ${file} == broken-* ]]; then continue; fi
    job unzip -l "${file}"
    job unzip -t -P secret "${file}"
    job zipinfo -v "${file}"
    OUTPUT=/dev/null job unzip -p -P secret "${file}"
    job unzip -o -P secret -X -d new "${file}"
    job unzip -n -j -L -a "${file}" '*file*' -x '*2'
    # Of other kinds it reads for ever, or asks for a password as long.
    if [[ ${file} == @(deflated|stored).zip ]]; then INPUT=${file} job funzip; fi
  done
  job unzip -u deflated.zip
  job unzip -f deflated.zip
  job unzip -K -o stored.zip
  job unzip nothing.zip
  job unzip -o deflated.zip -d /nowhere/at/all
  job unzip -z deflated.zip
  TERMINAL=yes INPUT=password job unzip -B encrypted.zip
  OUTPUT=/dev/full job unzip -p deflated.zip
  job unzip
  job unzip -h
  OPTIONS=(--limit fsize=10K)
  job unzip -o deflated.zip
  OPTIONS=(--limit as=30M)
  job unzip -o deflated.zip
  OPTIONS=()
}
