# shellcheck shell=bash
# shellcheck disable=SC1091,SC2034,SC2154 # of run.sh
# tar, of GNU and of libarchive: archives of all formats and compressors, whole and broken, made and unpacked, with what
# a file system has: links, sparse files, pipes, owners, times, attributes.

COMPRESSORS=(gzip bzip2 xz zstd lzip lz4 pigz)

make_inputs() {
  mkdir -p tree/folder/empty
  local -i i
  for ((i = 0; i < 20; i++)); do printf 'line %d\n' {1..200} >"tree/file-${i}"; done
  printf 'x\n' >"tree/$(printf 'long%.0s' {1..40})"
  truncate -s 1M tree/sparse
  ln -s file-1 tree/link
  ln tree/file-1 tree/hard
  mkfifo tree/pipe
  chmod 640 tree/file-2
  touch -d 2001-02-03 tree/file-3
  local format compressor
  for format in gnu oldgnu pax ustar v7; do maybe tar -cf "${format}.tar" "--format=${format}" tree; done
  maybe tar -cSf sparse.tar tree
  for compressor in "${COMPRESSORS[@]}"; do maybe tar -cf "${compressor}.tar.any" "--use-compress-program=${compressor}" tree; done
  for format in cpio shar zip 7zip iso9660 xar ar mtree; do maybe bsdtar -cf "bsd-${format}.tar" "--format=${format}" tree; done
  maybe tar -cPf outside.tar --transform 's,^tree,../up,' tree/file-1
  samples 4 '*.tar' '*.tar.*'
  breaks 6 ./*.tar ./*.any
}

run_jobs() {
  local file compressor tar
  for file in "${INPUTS}"/*.tar "${INPUTS}"/*.any; do
    file=${file##*/}
    job tar -xf "${file}" -C tree/folder
    job tar -tvf "${file}"
    if [[ ${file} == broken-* ]]; then continue; fi
    job tar -xpf "${file}" --overwrite
    job tar -df "${file}"
    has bsdtar || continue
    job bsdtar -xf "${file}"
    job bsdtar -tvf "${file}"
    job bsdtar -cf new.tar "@${file}"
  done
  for compressor in "${COMPRESSORS[@]}"; do
    has "${compressor}" || continue
    job tar -cf new.tar.any "--use-compress-program=${compressor}" tree
    if has bsdtar; then job bsdtar -cf new.tar.any --use-compress-program "${compressor}" tree; fi
  done
  for tar in tar bsdtar; do
    has "${tar}" || continue
    job "${tar}" -cvf new.tar --exclude '*5' tree
    job "${tar}" -czf new.tar.gz tree
    job "${tar}" -cJf new.tar.xz tree
    job "${tar}" -cf new.tar --acls --xattrs tree
    job "${tar}" -xpf gnu.tar --acls --xattrs -k
    job "${tar}" -xf gnu.tar --strip-components 1 -m
    job "${tar}" -rf gnu.tar tree/file-1
    job "${tar}" -uf gnu.tar tree
    job "${tar}" -xOf gnu.tar tree/file-1
    INPUT=gnu.tar job "${tar}" -xf -
    OUTPUT=/dev/full job "${tar}" -cf - tree
    job "${tar}" -xf nothing.tar
    job "${tar}" -xf gnu.tar -C nowhere
    job "${tar}" --one-file-system -hcf new.tar tree
    job "${tar}" --numeric-owner --same-owner -xf gnu.tar
    job "${tar}" --totals -cf new.tar tree
    job "${tar}" -b 3 -cf new.tar tree
    job "${tar}" --version
    job "${tar}"
  done
  job tar -cf new.tar -g snapshot tree
  job tar -cWf new.tar tree
  job tar -Af gnu.tar pax.tar
  job tar --delete -f gnu.tar tree/file-1
  job tar -cf new.tar --remove-files tree
  job tar -xUf gnu.tar --recursive-unlink
  job tar -cMf new.tar -L 40 tree
  job tar -xf gnu.tar --delay-directory-restore --keep-newer-files
  job tar -cf new.tar --sort=name --owner=root:0 --mtime=2001-01-01 --atime-preserve=replace --checkpoint=10 tree
  job tar -cf new.tar --ignore-failed-read --check-links tree nothing
  OPTIONS=(--limit fsize=10K)
  job tar -xf gnu.tar
  OPTIONS=(--limit nofile=5)
  job tar -cf new.tar tree
  OPTIONS=()
}
