# shellcheck shell=bash
# shellcheck disable=SC2154 # of run.sh
# PDFs, for more than one tool. Of several makers: by hand, groff, Ghostscript, cairo (pdftocairo), ImageMagick, qpdf.

make_document() {
  printf '.TH DOCUMENT 1\n' >document.man
  local -i i
  for ((i = 0; i < 60; i++)); do
    printf '.SH\nChapter %d\n.PP\nMany words, \\fBbold\\fP and \\fIitalic\\fP; a ligature: office, and \\(Po\\(Eu %d.\n' "${i}" "${i}"
  done >>document.man
  if has groff; then groff -man -Tps document.man >document.ps 2>/dev/null || true; fi
  if [[ ! -s document.ps ]]; then
    printf '%%!PS\n/Helvetica findfont 24 scalefont setfont 72 700 moveto (Hello) show showpage showpage\n' >document.ps
  fi
}

make_pdfs() {
  cp "${HERE}/plain.pdf" .
  make_document
  local way
  for way in screen prepress; do
    maybe gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfwrite "-dPDFSETTINGS=/${way}" -o "gs-${way}.pdf" document.ps
  done
  maybe gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -sOwnerPassword=o -sUserPassword=u -dEncryptionR=3 -dKeyLength=128 \
    -o encrypted.pdf document.ps
  maybe groff -man -Tpdf document.man
  maybe pdftocairo -pdf gs-screen.pdf cairo.pdf
  maybe convert -size 40x30 gradient:red-blue picture.jpg
  maybe convert -size 40x30 gradient:red-blue -compress jpeg magick.pdf
  maybe qpdf --object-streams=generate gs-screen.pdf streams.pdf
  maybe qpdf --linearize gs-screen.pdf linear.pdf
  maybe qpdf --encrypt u o 256 -- gs-screen.pdf aes.pdf
  samples 4 '*.pdf'
  rm -f document.man
}
