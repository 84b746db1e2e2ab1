# shellcheck shell=bash
# shellcheck disable=SC1091,SC2034,SC2154 # of run.sh
# ImageMagick: pictures of every format that it writes, whole and broken, through its operations and programs.

# Delegates, the network, windows, and what never ends.
readonly NOT_FORMATS='X|XC|SHOW|WIN|HTTPS?|FTP|URL|FILE|FD|EPHEMERAL|SCAN|SCREENSHOT|CLIPBOARD|PRINT|LAUNCH|EDIT|BROWSE|PREVIEW|VIDEO|M4V|MP4|MPE?G|MOV|WMV|MKV|AVI|WEBM|3GP|3G2|FLV|DOCX?|PPTX?|XLSX?|ODT|GPLT|MAN|POD|TEXI'

formats() {
  convert -list format | sed -nE 's/^ *([A-Z0-9-]+)\*? .* [r-]w[+-] .*/\1/p' | grep -vxE "${NOT_FORMATS}"
}

# Those of the jobs, and those of which broken copies are made.
BROKEN=(JPEG TIFF WEBP BMP PSD MIFF XCF JP2 HEIC EXR PCX TGA DPX SGI PNM ICO)
made_formats() {
  local formats
  formats=$(formats)
  { some 12 <<<"${formats}"; grep -xF "${BROKEN[@]/#/-e}" <<<"${formats}"; } | sort -u
}

make_inputs() {
  convert -size 48x32 gradient:red-blue -seed 1 -attenuate 0.5 +noise Gaussian plain.png
  convert plain.png \( +clone -flip \) \( +clone -flop \) -delay 10 moving.gif
  local format
  while IFS= read -r format; do maybe timeout 20 convert plain.png "${format}:made-${format}"; done < <(made_formats)
  printf '%s\n' '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><circle cx="20" cy="20" r="9" fill="red"/><text x="5" y="30">text</text></svg>' >drawing.svg
  printf '%s\n' 'push graphic-context' 'viewbox 0 0 40 40' "image over 0,0 9,9 'plain.png'" 'pop graphic-context' >drawing.mvg
  samples 4 '*.gif' '*.jpg' '*.svg' '*.ico' '*.xpm' '*.webp' '*.tif'
  breaks 12 ./plain.png ./moving.gif "${BROKEN[@]/#/./made-}" ./drawing.svg ./sample-*
}

operations() {
  printf '%s\n' '-resize 300%' '-blur 2x1' '-distort Perspective 0,0,5,5,40,0,35,5,0,30,5,25,40,30,35,25' '-liquid-rescale 50%' \
    '-pointsize 12 -annotate +5+20 text' '-fft' '-morphology Dilate Disk' '-colorspace Lab' '-quantize YUV -colors 8' '-equalize' \
    '-deskew 40%' '-trim' '-rotate 30' '-charcoal 1' '-paint 2' '-fx u*0.5' '-normalize' '-sharpen 1' '-swirl 60' '-wave 3x9' \
    '-hough-lines 5x5' '-canny 0x1' '-connected-components 4' '-statistic Median 3' '-mean-shift 3x3' '-segment 1' '-sketch 1' \
    '-profile default_rgb.icc' '-strip' '-encipher plain.png' '-font DejaVu-Sans -draw "text 5,20 word"' '-kuwahara 2'
}

run_jobs() {
  local file format words
  while IFS= read -r file; do
    job identify "${file}"
    job convert "${file}" -resize 50% out.png
  done < <(cd "${INPUTS}" && printf '%s\n' broken-* sample-* | some 20)
  while IFS= read -r format; do
    job convert plain.png "${format}:out"
    if [[ -e ${INPUTS}/made-${format} ]]; then
      job convert "${format}:made-${format}" out.png
      job identify -verbose "${format}:made-${format}"
    fi
  done < <(formats | some 12)
  while IFS= read -r words; do
    # shellcheck disable=SC2086 # several words
    job convert plain.png ${words} out.jpg
  done < <(operations | some 12)
  for file in moving.gif drawing.svg drawing.mvg msvg:drawing.svg; do job convert "${file}" out.png; done
  job convert moving.gif -coalesce -layers optimize out.gif
  job convert moving.gif -append out.miff
  job convert -limit memory 1KiB -limit map 1KiB plain.png -resize 900% -blur 1x1 out.tiff
  job convert -limit memory 1KiB -limit map 1GiB plain.png -resize 900% -rotate 9 out.png
  job convert -limit disk 1KiB -limit memory 1KiB -limit map 1KiB plain.png -resize 900% out.png
  job convert -limit thread 4 plain.png -resize 1200% -blur 2x2 out.png
  job convert plain.png -define jpeg:extent=2kb out.jpg
  job convert plain.png mpr:x +delete mpr:x mpc:out.mpc
  job convert -size 90x90 plasma:fractal label:word caption:'many words here' -append out.pdf
  job convert -list font
  job convert -list policy
  job mogrify -rotate 90 plain.png
  job mogrify -format jpg -path . plain.png
  job montage plain.png plain.png -geometry +2+2 sheet.png
  job composite plain.png moving.gif out.png
  job compare -metric RMSE plain.png made-JPEG out.png
  job identify -format '%w %h %[channels] %k' plain.png
  job convert plain.png -monitor out.bmp
  INPUT=plain.png job convert - -negate jpg:-
  OUTPUT=/dev/full job convert plain.png ppm:-
  job convert nothing.png out.png
  job convert plain.png nowhere/out.png
  job convert https://localhost/x.png out.png
  job convert
  OPTIONS=(--limit as=100M)
  job convert -size 9000x9000 xc:red out.png
  OPTIONS=(--limit fsize=1K)
  job convert plain.png out.bmp
  OPTIONS=()
}
