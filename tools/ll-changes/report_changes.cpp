#include "report_changes.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>

#include "core/diagnostic.h"
#include "core/host.h"
#include "fail.h"

namespace ll {

namespace {

const char *type_of(const FileStat &stats) {
  switch (stats.st_mode & S_IFMT) {
    case S_IFREG: return "file";
    case S_IFDIR: return "directory";
    case S_IFLNK: return "symlink";
    case S_IFIFO: return "fifo";
    case S_IFSOCK: return "socket";
  }
  return "device";
}

std::string mode_of(const FileStat &stats) {
  char mode[16];
  std::snprintf(mode, sizeof mode, "%04o", stats.permissions());
  return mode;
}

std::string size_of(const FileStat &stats) { return std::to_string(stats.st_size) + " bytes"; }

std::string either(const std::string &before, const std::string &after) {
  return before == after ? after : before + " -> " + after;
}

std::string description_of(const FileStat &stats, const std::string &target) {
  std::string text = type_of(stats);
  if (stats.is(S_IFLNK)) return text + " to " + shown(target);
  if (stats.is(S_IFREG)) text += ", " + size_of(stats);
  return text + ", mode " + mode_of(stats);
}

std::string difference_of(const Change &change) {
  const FileStat &before = change.before;
  const FileStat &after = change.after;
  if (change.kind == 'A') return description_of(after, change.target);
  if (change.kind == 'D') return description_of(before, change.target_before);
  if ((before.st_mode & S_IFMT) != (after.st_mode & S_IFMT))
    return description_of(before, change.target_before) + " -> " +
           description_of(after, change.target);
  if (after.is(S_IFLNK))
    return "symlink to " + either(shown(change.target_before), shown(change.target));
  std::string text = type_of(after);
  if (after.is(S_IFREG)) text += ", " + either(size_of(before), size_of(after));
  return text + ", mode " + either(mode_of(before), mode_of(after));
}

std::string note_of(const Change &change) {
  std::string note = difference_of(change);
  if (change.after.is(S_IFREG) && (change.after.st_mode & S_ISUID) != 0) note += ", set-user-ID";
  if (change.after.is(S_IFREG) && (change.after.st_mode & S_ISGID) != 0) note += ", set-group-ID";
  if (change.obstacle == Obstacle::Conflict) note += ", CONFLICT: changed meanwhile";
  if (change.obstacle == Obstacle::Device) note += ", not committed";
  return note;
}

// Gathers, so that a hundred thousand lines are not as many calls.
class Output {
 public:
  explicit Output(int descriptor) : descriptor_(descriptor) {}
  Output &operator<<(std::string_view text) {
    text_ += text;
    if (text_.size() > 65536) flush();
    return *this;
  }
  void flush() {
    if (!write_all(descriptor_, text_)) fail_errno("write", "the changes");
    text_.clear();
  }

 private:
  int descriptor_;
  std::string text_;
};

std::string quoted(const std::string &text) {
  std::vector<char> bytes(text.size() * 6 + 8);
  Builder out(bytes.data(), bytes.size());
  format(out, "%", Quoted{{text.data(), text.size()}});
  return {out.text().data, out.text().size};
}

std::string json_of(const FileStat &stats, const std::string &target) {
  std::string json = std::string("{\"type\": \"") + type_of(stats) + "\", \"mode\": \"" +
                     mode_of(stats) + "\", \"size\": " + std::to_string(stats.st_size);
  if (stats.is(S_IFLNK)) json += ", \"target\": " + quoted(target);
  return json + "}";
}

void report_json(Output &out, const OverlayDir &part, const Change &change) {
  out << "{\"change\": \"" << std::string_view(&change.kind, 1)
      << "\", \"directory\": " << quoted(part.directory) << ", \"path\": " << quoted(change.path);
  if (change.kind != 'A') out << ", \"before\": " << json_of(change.before, change.target_before);
  if (change.kind != 'D') out << ", \"after\": " << json_of(change.after, change.target);
  out << ", \"conflict\": " << (change.obstacle == Obstacle::Conflict ? "true" : "false") << "}";
}

// diff(1) gets what is open as its 3 and 4, and reads no name of the command's but as a label.
class Differ {
 public:
  Differ(const OverlayDir &part, Output &out, int descriptor)
      : part_(part),
        out_(out),
        tty_(::isatty(descriptor) == 1),
        upper_(open_upper(part)),
        target_(open_target(part)) {}

  void tell(const Change &change) {
    if (!change.before.is(S_IFREG) && !change.after.is(S_IFREG)) return;
    const Descriptor before = open(target_, change.path, change.before);
    const Descriptor after = open(upper_, change.path, change.after);
    if (!before.is_open() || !after.is_open()) {
      out_ << shown(part_.shown_path(change.path)) << " cannot be read\n";
      return;
    }
    run(before.number(), after.number(), label(change, true), label(change, false));
  }

 private:
  static Descriptor open(const Descriptor &directory, const std::string &path,
                         const FileStat &stats) {
    if (!stats.is(S_IFREG)) return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    return open_file(directory.number(), path.c_str(), O_RDONLY | O_NONBLOCK);
  }

  [[nodiscard]] std::string label(const Change &change, bool is_before) const {
    const FileStat &stats = is_before ? change.before : change.after;
    return stats.is(S_IFREG) ? shown(part_.shown_path(change.path)) : "/dev/null";
  }

  void run(int before, int after, const std::string &old_label, const std::string &new_label) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) < 0) fail_errno("start", "diff");
    const Descriptor read(ends[0]);
    Descriptor write(ends[1]);
    // Above what is duplicated, so that neither takes the place of the other.
    const Descriptor high_before(::fcntl(before, F_DUPFD_CLOEXEC, 10));
    const Descriptor high_after(::fcntl(after, F_DUPFD_CLOEXEC, 10));
    if (!high_before.is_open() || !high_after.is_open()) fail_errno("start", "diff");
    posix_spawn_file_actions_t files;
    errno = ::posix_spawn_file_actions_init(&files);
    for (const auto &[from, to] : {std::pair(write.number(), 1), std::pair(high_before.number(), 3),
                                   std::pair(high_after.number(), 4)})
      if (errno == 0) errno = ::posix_spawn_file_actions_adddup2(&files, from, to);
    if (errno != 0) fail_errno("start", "diff");
    const char *arguments[] = {"diff",
                               "-u",
                               "--label",
                               old_label.c_str(),
                               "--label",
                               new_label.c_str(),
                               "--",
                               "/proc/self/fd/3",
                               "/proc/self/fd/4",
                               nullptr};
    pid_t child = 0;
    errno =
        ::posix_spawnp(&child, "diff", &files, nullptr, const_cast<char **>(arguments), environ);
    ::posix_spawn_file_actions_destroy(&files);
    if (errno != 0) fail_errno("start", "diff");
    write = Descriptor();
    pass_on(read.number());
    int status = 0;
    if (::waitpid(child, &status, 0) < 0) fail_errno("wait for", "diff");
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) fail("diff failed", "leave out --diff");
  }

  void pass_on(int descriptor) {
    char bytes[65536];
    ssize_t got;
    std::string line;  // of a terminal, as far as it goes
    while ((got = ::read(descriptor, bytes, sizeof bytes)) > 0) {
      const std::string_view text = {bytes, static_cast<size_t>(got)};
      if (tty_)
        pass_lines(line += text);
      else
        out_ << text;
    }
    if (got < 0) fail_errno("read from", "diff");
    if (!line.empty()) pass_lines(line += "\n");
  }

  // A terminal obeys what a file may hold.
  void pass_lines(std::string &lines) {
    const size_t end = lines.rfind('\n') + 1;
    for (Text rest = {lines.data(), end}; !rest.empty();) {
      const size_t size = character_size(rest);
      if (const uint32_t number = deceiving_character(rest); number != 0)
        out_ << character(number);
      else if (rest[0] == '\n' || rest[0] == '\t' || size != 0)
        out_ << std::string_view(rest.data, size == 0 ? 1 : size);
      else
        out_ << "?";
      rest = rest.from(size == 0 ? 1 : size);
    }
    lines.erase(0, end);
  }

  const OverlayDir &part_;
  Output &out_;
  bool tty_;
  Descriptor upper_, target_;
};

}  // namespace

void report_changes(const Layer &layer, const Telling &telling) {
  Output out(telling.descriptor);
  const char *separator = "{\"changes\": [\n";
  for (const OverlayDir &part : layer.parts) {
    Baseline baseline(part);
    baseline.load(part);
    const std::deque<Change> changes = scan(part, baseline, telling.selection);
    for (const Change &change : changes) {
      if (telling.json) {
        out << separator;
        separator = ",\n";
        report_json(out, part, change);
        continue;
      }
      out << std::string_view(&change.kind, 1) << " " << shown(part.shown_path(change.path))
          << "  (" << note_of(change) << ")\n";
    }
    if (!telling.diff) continue;
    Differ differ(part, out, telling.descriptor);
    for (const Change &change : changes) differ.tell(change);
  }
  if (telling.json) out << (*separator == '{' ? "{\"changes\": []}\n" : "\n]}\n");
  out.flush();
}

}  // namespace ll
