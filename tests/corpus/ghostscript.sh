# shellcheck shell=bash
# shellcheck disable=SC1091,SC2034,SC2154 # of run.sh
# gs: PostScript and PDFs of several makers, whole and broken, on every device that writes a file.
# shellcheck source=pdf.bash
. "${HERE}/pdf.bash"

make_inputs() {
  make_pdfs
  cat >drawing.eps <<'END'
%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 0 0 200 200
/Times-Italic findfont 20 scalefont setfont
10 10 moveto (Drawing) show
0 0 1 setrgbcolor 100 100 50 0 360 arc fill
<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 200 0] /Function << /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 1 0] /N 1 >> >> shfill
gsave 50 50 scale 8 8 8 [8 0 0 -8 0 8] {<0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef>} image grestore
showpage
END
  cat >files.ps <<'END'
%!PS
(new.txt) (w) file dup (text) writestring closefile
(new.txt) (r) file 10 string readstring pop pop pop
(new.txt) (other.txt) renamefile (other.txt) deletefile
(*) {=} 100 string filenameforall
usertime realtime pop pop
{ (%pipe%true) (r) file } stopped
{ (/etc/passwd) (r) file } stopped
100000 array pop vmstatus 1 vmreclaim quit
END
  printf '%%!PS\n{ 1 0 div } loop\n' >loop.ps
  printf '%%!PS\n/a { a 1 add } def a\n' >deep.ps
  samples 3 '*.ps' '*.eps' '*.pfb'
  breaks 12 ./*.pdf ./drawing.eps ./document.ps
}

devices() {
  gs -h | sed -n '/^Available devices:/,/^Search path/s/^   //p' | tr ' ' '\n' | grep -vxE 'x11.*|display|bbox|nullpage|ijs|opvp|oprp|.*dummy'
}

render() { job gs -q -dBATCH -dNOPAUSE "$@"; }

run_jobs() {
  local file device
  for file in "${INPUTS}"/*.pdf "${INPUTS}"/*.ps "${INPUTS}"/*.eps; do
    file=${file##*/}
    render -sDEVICE=png16m -r30 -o out-%d.png "${file}"
    if [[ ${file} == broken-* ]]; then continue; fi
    render -sDEVICE=pdfwrite -sPDFPassword=u -o out.pdf "${file}"
    render -sDEVICE=txtwrite -o - "${file}"
    render -sDEVICE=eps2write -dEPSCrop -o out.eps "${file}"
  done
  while IFS= read -r device; do render "-sDEVICE=${device}" -r36 -o out.any drawing.eps; done < <(devices | some 12)
  for device in bbox nullpage; do render "-sDEVICE=${device}" document.ps; done
  render -sDEVICE=png16m -r600 -dNumRenderingThreads=4 -dBandBufferSpace=500000 -dMaxBitmap=0 -o out.png drawing.eps
  render -sDEVICE=pdfwrite -dPDFA=2 -dCompressFonts=false -sOwnerPassword=o -sUserPassword=u -dEncryptionR=3 -o out.pdf document.ps
  render -dUseCIEColor -sDefaultRGBProfile=default_rgb.icc -sDEVICE=tiff32nc -o out.tiff drawing.eps
  render -dNOSAFER -sDEVICE=nullpage files.ps
  render -dSAFER --permit-file-all=new.txt -sDEVICE=nullpage files.ps
  render -sDEVICE=png16m -o nowhere/out.png document.ps
  render -sDEVICE=png16m -o '%pipe%cat' document.ps
  OUTPUT=/dev/full render -sDEVICE=pngalpha -o - document.ps
  INPUT=document.ps render -sDEVICE=pbmraw -o out.pbm -
  INPUT=files.ps job gs -q -dNODISPLAY
  TERMINAL=yes INPUT=files.ps job gs -dNODISPLAY
  render -c '(x) print flush quit'
  render -dTTYPAUSE -sDEVICE=nullpage document.ps
  job gs nothing.ps
  job gs -h
  OPTIONS=(--limit as=120M)
  render -sDEVICE=png16m -r300 -o out.png document.ps
  OPTIONS=(--limit fsize=2K)
  render -sDEVICE=png16m -o out.png document.ps
  OPTIONS=()
}
