# shellcheck shell=bash
# shellcheck disable=SC1091,SC2034,SC2154 # of run.sh
# pdftotext: PDFs of several makers, whole and broken, in all its ways.
# shellcheck source=pdf.bash
. "${HERE}/pdf.bash"

make_inputs() {
  make_pdfs
  rm -f document.ps picture.jpg
  breaks 12 ./*.pdf
  : >empty.pdf
}

run_jobs() {
  local file
  for file in "${INPUTS}"/*.pdf; do
    file=${file##*/}
    job pdftotext "${file}" out.txt
    if [[ ${file} == broken-* ]]; then continue; fi
    job pdftotext -layout -enc UTF-8 "${file}" -
    job pdftotext -bbox-layout -f 1 -l 2 "${file}" out.html
    job pdftotext -raw -eol dos -nopgbrk "${file}"
    job pdftotext -htmlmeta -enc Latin1 "${file}"
    job pdftotext -tsv -upw u "${file}"
    job pdftotext -x 10 -y 10 -W 200 -H 200 -opw o "${file}"
    INPUT=${file} job pdftotext - -
  done
  OUTPUT=/dev/full job pdftotext -layout plain.pdf -
  job pdftotext plain.pdf .
  job pdftotext plain.pdf no/where
  job pdftotext nothing.pdf
  job pdftotext . out.txt
  job pdftotext -listenc
  job pdftotext -enc Shift-JIS plain.pdf
  job pdftotext -enc nonsense plain.pdf
  job pdftotext -v
  job pdftotext --nonsense
  job pdftotext
  OPTIONS=(--limit as=60M)
  job pdftotext plain.pdf
  OPTIONS=(--limit nofile=4)
  job pdftotext plain.pdf
  OPTIONS=()
}
