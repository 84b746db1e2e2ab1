# Makes gnuplot's picture one for a page: a title and a description for who does not see it, the page's own
# font, the colours of a dark page, and nothing that is not drawn. Reads the file of colours (name, light, dark),
# then the picture. -v title= -v description=

function escape(text) {
  gsub(/&/, "\\&amp;", text)
  gsub(/</, "\\&lt;", text)
  gsub(/>/, "\\&gt;", text)
  return text
}

# gnuplot writes one colour in several ways, and style sheets compare attributes as text.
function as_hex(text,    part) {
  while (match(text, /rgb\([ 0-9,]+\)/)) {
    split(substr(text, RSTART + 4, RLENGTH - 5), part, ",")
    text = substr(text, 1, RSTART - 1) sprintf("#%02x%02x%02x", part[1], part[2], part[3]) \
      substr(text, RSTART + RLENGTH)
  }
  return text
}

function keep(text) { line[++lines] = text }

function keep_style(    i) {
  keep("<style>")
  keep("text { font-family: system-ui, -apple-system, \"Segoe UI\", \"Noto Sans\", sans-serif }")
  keep("@media (prefers-color-scheme: dark) {")
  for (i = 1; i <= colours; i++) {
    keep("[fill=\"" light[i] "\"] { fill: " dark[i] " }")
    keep("[stroke=\"" light[i] "\"] { stroke: " dark[i] " }")
  }
  keep("}")
  keep("</style>")
}

FNR == NR { light[++colours] = $2; dark[colours] = $3; next }

/^ xmlns="/ { keep($0); keep(" role=\"img\" aria-labelledby=\"title description\""); next }
/^ xmlns:xlink=/ { next }
/^<title>/ { keep("<title id=\"title\">" escape(title) "</title>"); next }
/^<desc>/ { keep("<desc id=\"description\">" escape(description) "</desc>"); keep_style(); next }
/<defs>/ { hidden = 1 }
/<\/defs>/ { hidden = 0; next }
# A dot in the middle of a line, and nothing.
hidden || /<use xlink:href='#gpDot'/ || /^[ \t]*$/ { next }

# What is left of a layer that has nothing in it.
/^[ \t]*<\/g>$/ && line[lines] ~ /^[ \t]*<g / { lines--; next }
{
  sub(/<title>places.*<\/title>/, "")
  sub(/font-family="sans-serif:Bold"/, "font-family=\"sans-serif\" font-weight=\"bold\"")
  keep(as_hex($0))
}

END { for (i = 1; i <= lines; i++) print line[i] }
