# Draws what layout.awk has placed. From the command line: places, output,
# width, height, left, foot and the colours.
set terminal svg size width,height fixed font "sans-serif,17" background paper
set output output
set encoding utf8
set datafile separator "\t"
unset key
unset border
unset tics
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 1
set bmargin at screen 0
set xrange [0:width]
set yrange [height:0]

set errorbars 0.5
set style fill solid noborder
set label foot at 16,height-18 left textcolor rgb muted noenhanced

only(kind, y) = strcol(1) eq kind ? y : NaN

plot places using 3:(only("other", $2)):3:4:($2-8):($2+8) with boxxyerror lc rgb other, \
     places using 3:(only("ours", $2)):3:4:($2-8):($2+8) with boxxyerror lc rgb ours, \
     places using 4:2:5:6 with xerrorbars pt 0 lw 1.5 lc rgb ink, \
     places using 8:(strcol(9) eq "" ? NaN : $2):7 with labels left textcolor rgb ink noenhanced, \
     places using (left-8):(strcol(9) eq "" ? NaN : $2):9 with labels right textcolor rgb ink noenhanced, \
     places using (16):(only("title", $2)):7 with labels left textcolor rgb ink font "sans-serif:Bold,18" noenhanced, \
     places using (16):(only("note", $2)):7 with labels left textcolor rgb muted noenhanced, \
     places using (16):(only("group", $2)):7 with labels left textcolor rgb ink font "sans-serif:Bold" noenhanced
