# Gives each of rows.awk's lines its place, in pixels: KIND Y ZERO RIGHT LOW HIGH TEXT TEXT-X NAME
# The first line is the height. -v width= -v left=, where bars begin, or what is less than nothing.

BEGIN { FS = OFS = "\t"; scales = 1 }

$1 == "foot" { next }

{ kind[++rows] = $1 }
$1 == "group" && $3 != "" { scales++ }
$1 == "bar" {
  longest = $6 > $4 ? $6 : $4
  if (length($7) > widest) widest = length($7)
  if (longest + 0 > longest_of[scales] + 0) longest_of[scales] = longest
  if ($5 + 0 < least_of[scales] + 0) least_of[scales] = $5
}
{ line[rows] = $0; scale[rows] = scales }

function x_of(value) {
  return left + (value - least_of[scale[row]]) * (end - left) / (longest_of[scale[row]] - least_of[scale[row]])
}

END {
  end = width - 24 - 10 * widest  # where the longest line ends, before its number
  y = 8
  for (row = 1; row <= rows; row++) {
    split(line[row], field, FS)
    if (kind[row] == "bar") {
      y += 30
      zero = x_of(0); right = x_of(field[4]); low = x_of(field[5]); high = x_of(field[6])
      text_x = (high > right ? high : right) + 8
      places[row] = field[2] OFS y OFS zero OFS right OFS low OFS high OFS field[7] OFS text_x OFS field[3]
    } else {
      y += kind[row] == "group" ? 44 : 24
      places[row] = kind[row] OFS y OFS "" OFS "" OFS "" OFS "" OFS field[2] OFS "" OFS ""
      if (kind[row] == "group") y += 2
    }
  }
  print y + 60
  for (row = 1; row <= rows; row++) print places[row]
}
