# What a chart shows of its table, a line each, tab-separated:
#   title TEXT             what the bars are
#   note TEXT              how to read them
#   foot TEXT              and their lines
#   group TEXT             a heading; with a second field, what follows has a scale of its own
#   bar KIND NAME VALUE LOW HIGH TEXT     KIND: ours, other or none
# -v chart=startup, runtime or rules

BEGIN { FS = ","; OFS = "\t" }

NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }

# A variant that was compared with several baselines has as many rows. No sandbox is that of the charts.
$at["variant"] == "bare" ? !seen[$at["what"], $at["user"]]++ : $at["baseline"] == "bare" {
  key = $at["what"] SUBSEP $at["user"] SUBSEP $at["variant"]
  keys[++count] = key
  medians[key] = $at["median"]; lows[key] = $at["low"]; highs[key] = $at["high"]
  ratios[key] = $at["ratio"]; ratio_lows[key] = $at["ratio_low"]; ratio_highs[key] = $at["ratio_high"]
  rounds = $at["rounds"] > rounds ? $at["rounds"] : rounds
}

END {
  if (chart == "startup") show_startup()
  if (chart == "runtime") show_runtime()
  if (chart == "rules") show_rules()
}

function milliseconds(us) { return sprintf(us < 9995 ? "%.2f ms" : "%.1f ms", us / 1000) }

function times(ratio) { return sprintf(ratio < 9.95 ? "%.1f×" : "%.0f×", ratio) }

function name_of(variant) { return variant == "bare" ? "no sandbox" : variant }

function kind_of(variant) {
  if (variant == "bare") return "none"
  return variant ~ /^(ll-|sandbox\.sh|options|file|sandboxed|[0-9])/ ? "ours" : "other"
}

# What ran as an ordinary user is shown as that, and the rest as root.
function show_times(what,    i, field, shown, best, variant, key, text) {
  for (i = 1; i <= count; i++) {
    split(keys[i], field, SUBSEP)
    if (field[1] != what) continue
    variant = field[3]
    if (!(variant in chosen) || field[2] == "user") chosen[variant] = keys[i]
  }
  for (;;) {
    best = ""
    for (variant in chosen) if (best == "" || before(variant, best)) best = variant
    if (best == "") break
    key = chosen[best]
    delete chosen[best]
    split(key, field, SUBSEP)
    text = milliseconds(medians[key])
    if (best != "bare") text = text ", " times(ratios[key])
    print "bar", kind_of(best), name_of(best) (field[2] == "root" && any_user ? ", as root" : ""),
      medians[key], lows[key], highs[key], text
  }
}

# No sandbox, then ours, then the others, each by their time.
function before(a, b,    rank) {
  rank["none"] = 1; rank["ours"] = 2; rank["other"] = 3
  if (kind_of(a) != kind_of(b)) return rank[kind_of(a)] < rank[kind_of(b)]
  return medians[chosen[a]] + 0 < medians[chosen[b]] + 0
}

function has(what,    i, field) {
  for (i = 1; i <= count; i++) {
    split(keys[i], field, SUBSEP)
    if (field[1] == what) return 1
  }
  return 0
}

function show_startup(    i, field) {
  for (i = 1; i <= count; i++) {
    split(keys[i], field, SUBSEP)
    if (field[2] == "user") any_user = 1
  }
  if (!has("twelve paths before true") && !has("private root before true")) return
  print "title", "Time to start /bin/true"
  print "note", "Median of " rounds " runs, and its ratio to no sandbox"
  print "foot", "Line: 8 of 10 runs"
  if (has("twelve paths before true")) {
    print "group", "The same twelve paths in each"
    show_times("twelve paths before true")
  }
  if (has("private root before true")) {
    print "group", "Private namespaces and root directory"
    show_times("private root before true")
  }
}

function show_added(what, name,    i, field, key, text) {
  for (i = 1; i <= count; i++) {
    split(keys[i], field, SUBSEP)
    if (field[1] != what || field[3] != "sandboxed") continue
    key = keys[i]
    text = sprintf("%+.1f %%", 100 * (ratios[key] - 1))
    sub(/^-/, "−", text)
    print "bar", "ours", name, ratios[key] - 1, ratio_lows[key] - 1, ratio_highs[key] - 1, text
  }
}

function show_runtime() {
  print "title", "Time added by ll-exec while a command runs"
  print "note", "Median of runs compared in pairs with no sandbox"
  print "foot", "Line: its 95 % interval"
  if (has("getpid") || has("read")) print "group", "One system call, over and over"
  show_added("getpid", "getpid")
  show_added("read", "read of one byte")
  if (has("ffmpeg") || has("gcc") || has("find") || has("grep")) print "group", "Whole programs, processor time"
  show_added("ffmpeg", "ffmpeg, a film")
  show_added("gcc", "gcc -c")
  show_added("find", "find /usr")
  show_added("grep", "grep -r")
}

function show_growth(what, divisor, unit,    i, field, key, name) {
  for (i = 1; i <= count; i++) {
    split(keys[i], field, SUBSEP)
    if (field[1] != what) continue
    key = keys[i]
    name = field[3] == 1 ? "1 rule" : (field[3] == 1000 ? "1,000" : field[3]) " rules"
    if (field[3] == "bare") name = name_of("bare")
    print "bar", kind_of(field[3]), name, medians[key], lows[key], highs[key],
      sprintf("%.2f %s", medians[key] / divisor, unit)
  }
}

function show_rules() {
  print "title", "What more rules cost"
  print "note", "Median of " rounds " interleaved runs"
  print "foot", "Line: 8 of 10 runs"
  print "group", "Starting an empty program"
  show_growth("start of target", 1000, "ms")
  print "group", "Opening and closing a file, each time", "own scale"
  show_growth("open and close", 1000, "µs")
}
