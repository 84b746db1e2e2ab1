# What a chart shows of its table, a line each, tab-separated:
#   title TEXT             what the bars are
#   note TEXT              how to read them
#   foot TEXT              and their lines
#   group TEXT             a heading; with a second field, what follows has a scale of its own
#   bar KIND NAME VALUE LOW HIGH TEXT     KIND: ours or other
# -v chart=startup, runtime or rules

BEGIN { FS = ","; OFS = "\t" }

NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }

# A variant that was compared with several baselines has as many rows. No sandbox is that of the charts.
$at["variant"] == "bare" ? !seen[$at["what"], $at["user"]]++ : $at["baseline"] == "bare" {
  what[++rows] = $at["what"]; user[rows] = $at["user"]; variant[rows] = $at["variant"]
  median[rows] = $at["median"]; low[rows] = $at["low"]; high[rows] = $at["high"]
  ratio[rows] = $at["ratio"]; ratio_low[rows] = $at["ratio_low"]; ratio_high[rows] = $at["ratio_high"]
  rounds = $at["rounds"]
  measured[$at["what"]] = 1
  if ($at["user"] == "user") any_user = 1
}

END {
  if (chart == "startup") show_startup()
  if (chart == "runtime") show_runtime()
  if (chart == "rules") show_rules()
}

function milliseconds(us) { return sprintf(us < 9995 ? "%.2f ms" : "%.1f ms", us / 1000) }

function times(number) { return sprintf(number < 9.95 ? "%.1f×" : "%.0f×", number) }

function name_of(row) { return variant[row] == "bare" ? "no sandbox" : variant[row] }

function kind_of(row) { return variant[row] ~ /^(ll-|sandbox\.sh|[0-9])/ ? "ours" : "other" }

# No sandbox, then ours, then the others, each by their time.
function comes_before(a, b) {
  if ((variant[a] == "bare") != (variant[b] == "bare")) return variant[a] == "bare"
  if (kind_of(a) != kind_of(b)) return kind_of(a) == "ours"
  return median[a] + 0 < median[b] + 0
}

function show_time(row,    name, text) {
  name = name_of(row)
  text = milliseconds(median[row])
  if (variant[row] != "bare") text = text ", " times(ratio[row])
  if (user[row] == "root" && any_user) name = name ", as root"
  print "bar", kind_of(row), name, median[row], low[row], high[row], text
}

# What ran as an ordinary user is shown as that, and the rest as root.
function show_times(subject,    row, name, best, of) {
  for (row = 1; row <= rows; row++) {
    if (what[row] != subject) continue
    if (!(variant[row] in of) || user[row] == "user") of[variant[row]] = row
  }
  for (;;) {
    best = 0
    for (name in of) if (!best || comes_before(of[name], best)) best = of[name]
    if (!best) return
    show_time(best)
    delete of[variant[best]]
  }
}

function show_startup() {
  print "title", "Time to start /bin/true"
  print "note", "Median of " rounds " runs, and its ratio to no sandbox"
  print "foot", "Thin line: 8 in 10 runs"
  if (measured["twelve paths before true"]) print "group", "The same twelve paths in each"
  show_times("twelve paths before true")
  if (measured["private root before true"]) print "group", "Private namespaces and root directory"
  show_times("private root before true")
}

function show_added(subject, name,    row, text) {
  for (row = 1; row <= rows; row++) {
    if (what[row] != subject || variant[row] != "sandboxed") continue
    text = sprintf("%+.1f %%", 100 * (ratio[row] - 1))
    sub(/^-/, "−", text)
    print "bar", "ours", name, ratio[row] - 1, ratio_low[row] - 1, ratio_high[row] - 1, text
  }
}

function show_runtime() {
  print "title", "Time added by ll-exec while a command runs"
  print "note", "Median of runs compared in pairs with no sandbox"
  print "foot", "Thin line: the 95 % interval"
  if (measured["getpid"]) print "group", "One system call, over and over"
  show_added("getpid", "getpid")
  show_added("read", "read of one byte")
  if (measured["ffmpeg"] || measured["gcc"] || measured["find"] || measured["grep"]) {
    print "group", "Whole programs, processor time"
  }
  show_added("ffmpeg", "ffmpeg, a film")
  show_added("gcc", "gcc -c")
  show_added("find", "find /usr")
  show_added("grep", "grep -r")
}

function show_growth(subject, divisor, unit,    row, name) {
  for (row = 1; row <= rows; row++) {
    if (what[row] != subject) continue
    name = variant[row] == 1 ? "1 rule" : (variant[row] == 1000 ? "1,000" : variant[row]) " rules"
    if (variant[row] == "bare") name = name_of(row)
    print "bar", kind_of(row), name, median[row], low[row], high[row],
      sprintf("%.2f %s", median[row] / divisor, unit)
  }
}

function show_rules() {
  print "title", "What more rules cost"
  print "note", "Median of " rounds " interleaved runs"
  print "foot", "Thin line: 8 in 10 runs"
  print "group", "Starting an empty program"
  show_growth("start of target", 1000, "ms")
  print "group", "Opening and closing a file, each time", "own scale"
  show_growth("open and close", 1000, "µs")
}
