load policies

# Programs that read untrusted files: their work succeeds, and attacks by the files fail.

started() {
  printf 'b\na\n' | own_file list
  does base --rx /usr/bin/sort --ro list -- sort list
  is "${output} ${errors}" $'a\nb '
  does system --ro list -- sh -c 'sort list | tr a-z A-Z; ls -l /usr >/dev/null'
  is "${output} ${errors}" $'A\nB '
  does_not system --ro . -- sh -c 'echo x >new'
  own sh -c 'echo x >new'
  does sandbox --ro list -- sh -c 'sort list >/tmp/ll-new.$$ && cat /tmp/ll-new.$$ && rm /tmp/ll-new.$$'
  is "${output} ${errors}" $'a\nb '
}

@test "base; system; sandbox: programs are found and run, and write only where they may" {
  on_each_wall started
}

start_java() {
  does system -- java -version
  own mkdir src
  printf 'class Main { public static void main(String[] args) throws Exception {\n  %s\n} }\n' \
    'System.out.println(java.security.MessageDigest.getInstance("SHA-256").digest().length);' | own_file src/Main.java
  if own javac -version >/dev/null 2>&1; then
    does system --rw src -- sh -c 'cd src && javac Main.java && java -cp . Main'
    is "${output}" 32
  fi
}

@test "system: Java starts, with its configuration" {
  needs_program java
  own java -version 2>/dev/null || skip "java does not start"
  on_each_wall start_java
}

@test "base: locales are found" {
  [[ -e /etc/locale.alias ]] || skip "needs /etc/locale.alias"
  capture "${BOX}/ll-exec" -p base --why read_file /etc/locale.alias
  is "${status}" 0
}

films() {
  own ffmpeg -v error -nostdin -f lavfi -i testsrc=duration=1:size=128x96:rate=10 -c:v mpeg4 in.mov
  does_as_bare ffmpeg -- ffmpeg -v error -nostdin -i in.mov -vf "drawtext=font=Sans:text=hello" out.webm
  does ffmpeg -- ffmpeg -v error -nostdin -y -i in.mov -b:v 64k out.webm
  does ffmpeg -- ffmpeg -v error -nostdin -i in.mov -c:v mpeg2video -f hls list.m3u8
  [[ -s list.m3u8 ]]
  does ffmpeg -- ffprobe -v error -show_entries format=format_name -of csv=p=0 out.webm
  is "${output}" '"matroska,webm"'
  # A playlist can name other files.
  printf 'file %s\n' "${HOME}/other.mov" | own_file evil.txt
  own cp in.mov "${HOME}/other.mov"
  does_not ffmpeg -- ffmpeg -v error -nostdin -f concat -safe 0 -i evil.txt stolen.mov
  own ffmpeg -v error -nostdin -f concat -safe 0 -i evil.txt stolen.mov
}

@test "ffmpeg: videos are transcoded, probed and segmented, and a playlist reads no file elsewhere" {
  needs_program ffmpeg
  on_each_wall films
}

papers() {
  own_file in.pdf <<'END'
%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R
  /Resources <</Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>>> endobj
4 0 obj <</Length 44>> stream
BT /F 24 Tf 20 200 Td (Hello, paper) Tj ET  
endstream endobj
trailer <</Root 1 0 R>>
END
  does pdftotext -- pdftotext -q in.pdf out.txt
  [[ $(<out.txt) == *'Hello, paper'* ]]
  does pdftotext -- pdftotext -q -bbox in.pdf -
  [[ ${output} == *paper* ]]
  own cp in.pdf "${HOME}/other.pdf"
  does_not pdftotext -- pdftotext "${HOME}/other.pdf" -
  does_not pdftotext -- pdftotext in.pdf "${HOME}/planted"
  not_planted
  planting pdftotext -q in.pdf "${HOME}/planted"
  own pdftotext -q "${HOME}/other.pdf" - >/dev/null
}

@test "pdftotext: a document in the directory is converted to text in the directory, and no other" {
  needs_program pdftotext
  on_each_wall papers
}

pictures() {
  own convert -size 64x48 gradient:red-blue in.png
  does imagemagick -- convert in.png -resize 50% -blur 1x1 out.jpg
  does_as_bare imagemagick -- convert in.png out.webp
  does imagemagick -- identify -format '%w %h %m' out.jpg
  is "${output}" "32 24 JPEG"
  does_as_bare imagemagick -- convert in.png -pointsize 12 -annotate +5+20 text annotated.tiff
  does imagemagick -- mogrify -rotate 90 in.png
  does imagemagick -- identify -format '%wx%h' in.png
  is "${output}" "48x64"
  does imagemagick -- montage in.png in.png -geometry +2+2 sheet.png
  does imagemagick -- composite in.png sheet.png over.gif
  printf '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="3"/></svg>\n' | own_file in.svg
  does_as_bare imagemagick -- convert msvg:in.svg drawn.png
}

@test "imagemagick: pictures are converted, resized, annotated and replaced" {
  needs_program convert
  on_each_wall pictures
}

evil_pictures() {
  own convert -size 9x9 xc:red "png:${HOME}/private"
  printf '%s\n' "push graphic-context" "viewbox 0 0 9 9" "image over 0,0 9,9 '${HOME}/private'" \
    "pop graphic-context" | own_file evil.mvg
  does_not imagemagick -- convert mvg:evil.mvg out.png
  own convert mvg:evil.mvg out.png
  does_not imagemagick -- convert "${HOME}/private" out.png
  tries imagemagick -- convert xc:red "png:${HOME}/planted"
  not_planted
  planting convert xc:red "png:${HOME}/planted"
  # A delegate is a shell command: here one in the user's settings, which anybody may have written.
  own mkdir set
  printf '<delegatemap><delegate decode="evil" command="/bin/sh -c &quot;echo x >%s/planted&quot;"/></delegatemap>\n' \
    "${HOME}" | own_file set/delegates.xml
  printf 'x\n' | own_file in.evil
  tries imagemagick --env "MAGICK_CONFIGURE_PATH=${PWD}/set" -- convert in.evil out.png
  not_planted
  planting env MAGICK_CONFIGURE_PATH="${PWD}/set" convert in.evil out.png
}

@test "imagemagick: a picture cannot read secrets, write elsewhere or start a delegate" {
  needs_program convert
  on_each_wall evil_pictures
}

document() {
  printf '%%!PS\n/Helvetica findfont 24 scalefont setfont 72 700 moveto (Hello) show showpage showpage\n' | own_file in.ps
  does ghostscript -- gs -q -dSAFER -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -o out.pdf in.ps
  does ghostscript -- gs -q -dSAFER -dBATCH -dNOPAUSE -sDEVICE=png16m -r50 -o page-%d.png out.pdf
  [[ -s page-1.png && -s page-2.png ]]
  does ghostscript -- gs -q -dBATCH -dNOPAUSE -sDEVICE=txtwrite -o - out.pdf
  [[ ${output} == *Hello* ]]
}

@test "ghostscript: PostScript is converted to PDF, and PDF to pictures and text" {
  needs_program gs
  on_each_wall document
}

evil_document() {
  printf '%%!PS\n(%s/secret) (r) file 100 string readline pop print flush quit\n' "${HOME}" | own_file read.ps
  printf '%%!PS\n(%s/planted) (w) file dup (x) writestring closefile quit\n' "${HOME}" | own_file write.ps
  printf '%%!PS\n(%%pipe%%echo x >%s/planted) (w) file closefile quit\n' "${HOME}" | own_file pipe.ps
  # -dSAFER would refuse them: ghostscript's own sandbox, which has had many bugs that let programs out.
  local script
  for script in read write pipe; do tries ghostscript -- gs -q -dNOSAFER -dBATCH -dNOPAUSE -sDEVICE=nullpage "${script}.ps"; done
  tries ghostscript -- gs -q -dNOSAFER -dBATCH -dNOPAUSE -sDEVICE=nullpage read.ps
  [[ ${output} != *secret$'\n'* && ${output} != secret ]]
  not_planted
  capture own gs -q -dNOSAFER -dBATCH -dNOPAUSE -sDEVICE=nullpage read.ps
  is "${output}" secret
  planting gs -q -dNOSAFER -dBATCH -dNOPAUSE -sDEVICE=nullpage write.ps
  planting gs -q -dNOSAFER -dBATCH -dNOPAUSE -sDEVICE=nullpage pipe.ps
}

@test "ghostscript: a PostScript program cannot read secrets, write elsewhere or open a pipe" {
  needs_program gs
  on_each_wall evil_document
}

# archive KIND NAME TARGET: an archive with a file of that name, or a symlink and a file behind it.
archive() {
  own python3 - "$@" <<'END'
import sys, tarfile, zipfile, io
kind, out, name, link = sys.argv[1:5]
if kind == 'zip':
    with zipfile.ZipFile(out, 'w') as z:
        if link:
            info = zipfile.ZipInfo('link')
            info.create_system, info.external_attr = 3, 0o120777 << 16
            z.writestr(info, link)
        z.writestr(name, 'x\n')
else:
    with tarfile.open(out, 'w') as t:
        if link:
            info = tarfile.TarInfo('link')
            info.type, info.linkname = tarfile.SYMTYPE, link
            t.addfile(info)
        info = tarfile.TarInfo(name)
        info.size = 2
        t.addfile(info, io.BytesIO(b'x\n'))
END
}

zipped() {
  own mkdir -p tree/deep
  printf 'content\n' | own_file tree/deep/file
  own python3 -m zipfile -c in.zip tree
  does unzip -- unzip -q in.zip -d out
  is "$(<out/tree/deep/file)" content
  does unzip -- unzip -qo in.zip -d out
  does unzip -- unzip -p in.zip tree/deep/file
  is "${output}" content
  does unzip -- zipinfo -1 in.zip
  [[ ${output} == *tree/deep/file* ]]
}

@test "unzip: archives are listed, unpacked and unpacked again" {
  needs_program unzip python3
  on_each_wall zipped
}

evil_zip() {
  archive zip up.zip ../home/planted ''
  tries unzip -- unzip -qo -: up.zip
  not_planted
  planting unzip -qo -: up.zip
  own ln -s "${HOME}" link
  archive zip through.zip link/planted ''
  tries unzip -- unzip -qo through.zip
  not_planted
  planting unzip -qo through.zip
}

@test "unzip: archive names with .. and symlinks write nothing elsewhere" {
  needs_program unzip python3
  on_each_wall evil_zip
}

tarred() {
  own mkdir -p tree/deep
  printf 'content\n' | own_file tree/deep/file
  own ln -s deep/file tree/link
  local -a option
  for option in '' z j J; do
    case ${option} in
      j) command -v bzip2 >/dev/null || continue ;;
      J) command -v xz >/dev/null || continue ;;
      *) ;;
    esac
    own tar "c${option}f" in.tar tree
    own rm -rf out
    own mkdir out
    does tar -- tar xf in.tar -C out
    is "$(<out/tree/link)" content
    does tar -- tar "t${option}f" in.tar
    does tar -- tar cf again.tar -C out tree
    # GNU tar starts a compressor through a shell.
    [[ -z ${option} ]] || does tar --rx /bin/sh -- tar "c${option}f" again.tar -C out tree
  done
}

@test "tar: trees are packed, listed and unpacked, with each compressor" {
  needs_program tar
  on_each_wall tarred
}

@test "tar: root unpacks files of other owners" {
  needs_program tar
  needs_root
  mkdir -p "${T}/root/tree"
  printf 'content\n' >"${T}/root/tree/file"
  chown -R 4711:4711 "${T}/root/tree"
  cd "${T}/root"
  tar cf up.tar tree
  rm -r tree
  for WALL in "${WALLS[@]}"; do
    capture env HOME="${HOME}" "${BOX}/${WALL}" -q -p tar -- tar xf up.tar
    is "${status} ${errors} $(stat -c %u tree/file)" '0  0'
    rm -r tree
  done
  tar xf up.tar
  is "$(stat -c %u tree/file)" 4711
}

evil_tar() {
  archive tar up.tar ../home/planted ''
  tries tar -- tar xPf up.tar
  not_planted
  planting tar xPf up.tar
  own ln -s "${HOME}" link
  archive tar through.tar link/planted ''
  tries tar -- tar xf through.tar
  not_planted
  planting tar xf through.tar
  tries tar -- tar xf through.tar --to-command="echo x >${HOME}/planted"
  not_planted
  planting tar xf through.tar --to-command="echo x >${HOME}/planted"
  tries tar -- tar xf through.tar --checkpoint=1 --checkpoint-action="exec=echo x >${HOME}/planted"
  not_planted
  planting tar xf through.tar --checkpoint=1 --checkpoint-action="exec=echo x >${HOME}/planted"
  does_not tar -- tar cf out.tar "${HOME}/secret"
  own tar cPf out.tar "${HOME}/secret"
}

@test "tar: archive names with .. and symlinks write nothing elsewhere, and no shell is started" {
  needs_program tar python3
  on_each_wall evil_tar
}

database() {
  does sqlite -- sqlite3 base.db 'pragma journal_mode=wal; create table t(a); insert into t values (7); select a from t;'
  is "${output}" $'wal\n7'
  does sqlite -- sqlite3 base.db 'pragma journal_mode=delete; begin; insert into t values (8); rollback; vacuum; select count(*) from t;'
  is "${output}" $'delete\n1'
  printf 'a,b\n1,2\n' | own_file in.csv
  does sqlite -- sqlite3 base.db '.import --csv in.csv c' '.once out.csv' 'select b from c;' ".backup copy.db"
  is "$(<out.csv)" 2
  does sqlite -- sqlite3 copy.db 'select b from c;'
  is "${output}" 2
}

@test "sqlite: databases are created, changed, imported, exported and backed up" {
  needs_program sqlite3
  on_each_wall database
}

evil_database() {
  own sqlite3 "${HOME}/other.db" 'create table t(a); insert into t values (9);'
  does_not sqlite -- sqlite3 base.db "attach '${HOME}/other.db' as o; select * from o.t;"
  own sqlite3 base.db "attach '${HOME}/other.db' as o; select * from o.t;"
  tries sqlite -- sqlite3 base.db "select readfile('${HOME}/secret');"
  is "${output}" ""
  capture own sqlite3 base.db "select readfile('${HOME}/secret');"
  is "${output}" secret
  local attack
  for attack in ".shell echo x >${HOME}/planted" ".output ${HOME}/planted" ".output |cat >${HOME}/planted" \
    "select writefile('${HOME}/planted', 'x');"; do
    tries sqlite -- sqlite3 base.db "${attack}" 'select 1;'
    not_planted
    planting sqlite3 base.db "${attack}" 'select 1;'
  done
}

@test "sqlite: SQL cannot attach, read or write files elsewhere or start a shell" {
  needs_program sqlite3
  on_each_wall evil_database
}
