#include "os/input/policy_reader.h"

#include "os/input/load.h"
#include "os/input/nearest_name.h"
#include "os/kernel/sys.h"

namespace ll {

PolicyReader::PolicyReader(const Process &process, Policy &policy, const ArgumentReader &reader)
    : process_(process), policy_(policy), reader_(reader), search_(policy.arena) {
  environment_.environment = process.environment;
}

void PolicyReader::read() {
  while (advance()) continue;
}

void PolicyReader::check_options() {
  if (!reader_.check(reader_.request, problem_)) die(policy_, problem_);
}

bool PolicyReader::advance() {
  Word use;
  switch (step(use)) {
    case ParseResult::Error: die(policy_, problem_);
    case ParseResult::Use: open(use); break;
    case ParseResult::End:
      if (depth_ == 0) return false;
      depth_--;
      break;
  }
  return true;
}

void PolicyReader::skip_line() {
  problem_.message.clear();
  if (depth_ == 0) return;
  Cursor &cursor = open_[depth_ - 1];
  const Text text = policy_.sources[cursor.source].text;
  const Text rest = text.from(cursor.offset);
  const bool at_start = cursor.offset == 0 || text[cursor.offset - 1] == '\n';
  if (!at_start) cursor.offset += static_cast<uint32_t>(rest.first(find(rest, '\n')).size);
  cursor.statement = {};
}

ParseResult PolicyReader::step(Word &use) {
  if (depth_ == 0) return reader_.read(reader_.request, policy_, arguments_, use, problem_);
  return parse_more(policy_, environment_, open_[depth_ - 1], use, problem_);
}

bool PolicyReader::is_file_name(Text name) {
  return find(name, '/') != kNpos || find(name, '.') != kNpos;
}

void PolicyReader::open(const Word &use) {
  remember_directory(policy_);
  environment_.directory = policy_.directory;
  Builder number(process_number_, sizeof process_number_);
  number << static_cast<uint64_t>(sys::process_id());
  environment_.process = number.text();
  if (use.value.empty()) fail(use, "an empty policy name");
  if (depth_ == kMaxNesting + 1) fail(use, "'use' is nested deeper than %", kMaxNesting);
  const bool from_file = depth_ > 0;
  const Text folder = policy_.sources[use.where.source].folder;
  if (use.value == "-"_t && !from_file) return read_source(use, 0, use.value, {});
  if (is_file_name(use.value)) return open_file(use, from_file ? folder : Text{});
  if (!from_file || folder.empty()) return open_searched(use);
  const bool rewritten = is_where_work_is_done(use, folder);
  if (rewritten && open_installed(use)) return;
  policy_.sources[use.where.source].names_beside = true;
  if (!open_named(use, folder)) open_searched(use);
}

bool PolicyReader::is_where_work_is_done(const Word &use, Text folder) {
  if (folder == looked_at_) return is_work_;
  char path[kMaxPath];
  const long size = resolve(policy_.directory, folder, path, sizeof path);
  if (size < 0) fail(use, "cannot stat %: %", folder, Error{size});
  const Text here = policy_.directory;
  const Text whole = {path, static_cast<size_t>(size)};
  looked_at_ = folder;
  is_work_ = is_in(whole, here) && !(here == "/"_t);
  return is_work_;
}

bool PolicyReader::open_installed(const Word &use) {
  search_.find(process_, environment_);
  for (size_t i = search_.first_installed(); i < search_.size(); i++)
    if (open_named(use, search_[i])) return true;
  return false;
}

void PolicyReader::open_searched(const Word &use) {
  search_.find(process_, environment_);
  for (size_t i = 0; i < search_.size(); i++)
    if (open_named(use, search_[i])) return;
  unknown(use);
}

void PolicyReader::unknown(const Word &use) {
  const Text beside = policy_.sources[use.where.source].folder;
  const bool looked = policy_.sources[use.where.source].names_beside;
  problem_.fail(use.where, "no policy is named '%'\n", use.value);
  if (is_beside(use, beside)) {
    format(problem_.message, "name a file by its path: ./%.policy", use.value);
    die(policy_, problem_);
  }
  NearestName nearest(use.value);
  for (size_t i = 0; i < search_.size(); i++) nearest.look_in(search_[i]);
  if (!nearest.name().empty()) format(problem_.message, "did you mean '%'? ", nearest.name());
  format(problem_.message, "looked for %.policy in", use.value);
  if (use.where.source != 0 && looked) format(problem_.message, " %,", beside);
  for (size_t i = 0; i < search_.size(); i++) format(problem_.message, " %,", search_[i]);
  format(problem_.message, " in this order; a file needs a slash or a dot in its name");
  die(policy_, problem_);
}

bool PolicyReader::is_beside(const Word &use, Text folder) {
  const size_t kept = policy_.arena.used;
  const bool found = sys::access(join(use, folder, use.value, ".policy"_t).data, uapi::kF_OK) == 0;
  policy_.arena.used = kept;
  return found;
}

Text PolicyReader::join(const Word &use, Text folder, Text name, Text ending) {
  Arena &arena = policy_.arena;
  const size_t start = arena.used;
  Text path;
  const bool absolute = name[0] == '/' || folder.empty();
  while (!absolute && starts_with(name, "./"_t)) name = name.from(2);
  const bool joined = (absolute || (arena.push(folder) && arena.push('/'))) && arena.push(name) &&
                      arena.push(ending) && arena.finish(start, path);
  if (!joined) fail(use, kTooMuchText, kMaxText);
  return path;
}

// A FIFO that nobody writes to must not stop this.
static long open_to_read(Text path) {
  return sys::open_at(uapi::kAT_FDCWD, path.data, uapi::kO_RDONLY | uapi::kO_NONBLOCK_NOCTTY);
}

// A shell's <(...) is open already, and is written to.
static bool is_passed_on(Text path) {
  return starts_with(path, "/dev/"_t) || starts_with(path, "/proc/"_t);
}

void PolicyReader::read_as_usual(const Word &use, int file, int type, Text path) {
  if (type == uapi::kS_IFIFO && !is_passed_on(path))
    fail(use, "the policy % is a FIFO\nname a file, or - for standard input", path);
  const long result = sys::wait_in_reads(file);
  if (result < 0) fail_reading(use, path, result);
}

bool PolicyReader::open_named(const Word &use, Text folder) {
  const size_t kept = policy_.arena.used;
  const Text path = join(use, folder, use.value, ".policy"_t);
  const long file = open_to_read(path);
  if (file == -uapi::kENOENT || file == -uapi::kENOTDIR) {
    policy_.arena.used = kept;
    return false;
  }
  if (file == -uapi::kEACCES)
    fail(use,
         "cannot read the policy %: %\n"
         "do HOME and XDG_CONFIG_HOME belong to this user?",
         path, Error{file});
  read_opened(use, file, path);
  return true;
}

void PolicyReader::open_file(const Word &use, Text folder) {
  const Text path = join(use, folder, use.value, {});
  read_opened(use, open_to_read(path), path);
}

void PolicyReader::read_opened(const Word &use, long file, Text path) {
  if (file < 0) fail_reading(use, path, file);
  const size_t slash = find_last(path, '/');
  const Text folder = slash == kNpos ? Text{} : path.first(slash == 0 ? 1 : slash);
  read_source(use, static_cast<int>(file), path, folder);
  sys::close(static_cast<int>(file));
}

void PolicyReader::fail_reading(const Word &use, Text path, long error) {
  fail(use, "cannot read the policy %: %", path, Error{error});
}

void PolicyReader::read_source(const Word &use, int file, Text name, Text folder) {
  Source source = {.name = file == 0 ? "standard input"_t : name, .folder = folder};
  if (file != 0 && !identify(use, file, source)) return;
  if (policy_.source_count == kMaxSources) fail(use, "more than % policies", kMaxSources);
  source.text = read_text(use, file, name);
  const auto index = static_cast<uint16_t>(policy_.source_count++);
  policy_.sources[index] = source;
  open_[depth_++] = {.source = index};
  if (!check_text(policy_, index, problem_)) die(policy_, problem_);
}

bool PolicyReader::identify(const Word &use, int file, Source &source) {
  uapi::Statx stat;
  const long result = sys::stat_of(file, stat);
  if (result < 0) fail_reading(use, source.name, result);
  const int type = stat.mode & uapi::kS_IFMT;
  if (type != uapi::kS_IFREG) {
    read_as_usual(use, file, type, source.name);
    return true;
  }
  source.device = uapi::device_of(stat);
  source.inode = stat.ino;
  for (size_t i = 1; i < policy_.source_count; i++) {
    const Source &other = policy_.sources[i];
    if (other.device != source.device || other.inode != source.inode) continue;
    if (!is_open(i)) return false;
    fail(use, "the policy % uses itself", source.name);
  }
  return true;
}

bool PolicyReader::is_open(size_t source) const {
  for (size_t i = 0; i < depth_; i++)
    if (open_[i].source == source) return true;
  return false;
}

Text PolicyReader::read_text(const Word &use, int file, Text name) {
  Arena &arena = policy_.arena;
  const size_t start = arena.used;
  for (;;) {
    char *end = arena.bytes + arena.used;
    const long got = file == 0 ? read_input(end, arena.room()) : sys::read(file, end, arena.room());
    if (got == -uapi::kEINTR) continue;
    if (got < 0) fail_reading(use, name, got);
    arena.used += static_cast<size_t>(got);
    const size_t size = arena.used - start;
    if (size > kMaxFile) fail(use, "the policy is larger than % bytes", kMaxFile);
    if (arena.room() == 0) fail(use, kTooMuchText, kMaxText);
    if (got == 0) return {arena.bytes + start, size};
  }
}

}  // namespace ll
