#include "os/input/ldd.h"

#include "os/input/executable_file.h"
#include "os/input/find_command.h"
#include "os/input/resolve.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

constexpr size_t kMaxDynamic = 4096;  // entries of a file: a bound for nonsense
constexpr int kMaxChain = 8;          // the kernel follows 5 interpreters (fs/exec.c)

// ld.so(8), "Dynamic string tokens".
alignas(char) constexpr char kTokens[] =
    "$ORIGIN\0${ORIGIN}\0$LIB\0${LIB}\0$PLATFORM\0${PLATFORM}\0$";

Text base_name(Text path) { return path.from(find_last(path, '/') + 1); }
Text folder_of(Text path) { return path.first(find_last(path, '/')); }

class Libraries {
 public:
  Libraries(const Process &process, Policy &policy, LibraryTables &tables)
      : process_(process),
        policy_(policy),
        arena_(policy.arena),
        tables_(tables),
        first_(policy.rule_count) {}

  void grant_command(size_t argument) {
    where_.argument = static_cast<uint16_t>(argument);
    where_.length = static_cast<uint32_t>(c_text(process_.arguments[argument]).size);
    const Environment environment = {.environment = process_.environment};
    lookup(environment, "LD_PRELOAD"_t, preload_);
    lookup(environment, "LD_LIBRARY_PATH"_t, library_path_);
    const char *command = process_.arguments[argument];
    grant_program(absolute(c_text(find_command(process_, policy_, command))), 0);
  }

 private:
  [[noreturn]] void fail(const char *pattern, Text a = {}, Text b = {}, int status = kFailed) {
    Diagnostic problem;
    problem.fail(where_, pattern, a, b);
    die(policy_, problem, status);
  }

  void check_room(bool fits) {
    if (!fits) fail("too many libraries\ngrant their directories with rx");
  }

  void put(Text text) { check_room(text.empty() || arena_.push(text)); }

  // What was put since `start`, with a NUL behind it.
  Text finish(size_t start) {
    put("\0"_t);
    return {arena_.bytes + start, arena_.used - start - 1};
  }

  Text keep(Text text) {
    const size_t start = arena_.used;
    put(text);
    return finish(start);
  }

  // Without links, too.
  Text absolute(Text path) {
    char *whole = arena_.bytes + arena_.used;
    check_room(arena_.room() > kMaxPath);
    const long size = resolve(""_t, path, whole, kMaxPath);
    if (size < 0) return path;
    arena_.used += static_cast<size_t>(size) + 1;
    return {whole, static_cast<size_t>(size)};
  }

  // The index of the one rule for it.
  size_t grant(Directive directive, Text path) {
    path = absolute(path);
    size_t i = first_;
    for (; i < policy_.rule_count; i++)
      if (policy_.rules[i].value == path) return i;
    check_room(i < kMaxRules);
    policy_.rule_count++;
    Rule &rule = policy_.rules[i];
    rule.directive = directive;
    rule.where = where_;
    rule.value = path;
    rule.rights = rights_granted(row_of(directive).grants);
    return i;
  }

  // The command, and then what interprets it.
  void grant_program(Text path, int link) {
    const long error = file_.open(path.data);
    const Text head = file_.stretch_at(0, kHeadSize);
    const Format pattern = format_of(head);
    if (head.empty())
      fail("cannot read %: %", path,
           errno_text(static_cast<int>(error < 0                ? -error
                                       : file_.read_error() < 0 ? -file_.read_error()
                                                                : uapi::kENOEXEC)),
           error == -uapi::kENOENT && link == 0 ? kNotFound : kFailed);
    if (pattern == Format::Foreign)
      fail("% is built for another machine\nthis one is %", path, "" LL_MACHINE ""_t);
    program_ = end_;
    next_dependency_ = end_dependencies_;
    system_ = {};
    const Text line = keep(interpreter_line(head));
    interpreter_ = keep(file_.find_interpreter());
    musl_ = starts_with(base_name(interpreter_), "ld-musl-"_t);
    add(path, nullptr);
    if (interpreter_.empty() || link == kMaxChain) return;  // execve(2): ENOEXEC, ELOOP
    if (pattern == Format::Elf) return grant_loaded();
    check_interpreter(path);
    grant_program(interpreter_, link + 1);
    if (base_name(first_word(line)) == "env"_t) grant_by_env(line, link + 1);
  }

  // A script names whatever it likes: what is no program is not granted for it.
  void check_interpreter(Text script) {
    if (sys::access(interpreter_.data, uapi::kF_OK) == 0 && !is_program(interpreter_))
      fail("% is not a program, but % names it as interpreter", interpreter_, script, kCannotRun);
  }

  bool is_program(Text path) {
    if (sys::access(path.data, uapi::kX_OK) < 0 || file_.open(path.data) < 0) return false;
    const Format pattern = format_of(file_.stretch_at(0, kHeadSize));
    return pattern == Format::Elf || pattern == Format::Script;
  }

  // env(1): variables that it sets come before the program, and of its options only those that have
  // no value of their own.
  void grant_by_env(Text line, int link) {
    const Text script = program_->path;
    Text word = first_word(line);
    do {
      line = skip_blanks(line.from(word.size));
      word = first_word(line);
    } while (is_plain_option(word) || (!starts_with(word, "-"_t) && find(word, '=') != kNpos));
    if (word.empty()) return;
    if (starts_with(word, "-"_t))
      fail("cannot determine what 'env %' runs\nleave out --ldd, and grant it with rx", word);
    const Text path = absolute(c_text(find_command(process_, policy_, keep(word).data)));
    if (!is_program(path))
      fail("% is not a program, but % names it as interpreter", path, script, kCannotRun);
    grant_program(path, link);
  }

  static bool is_plain_option(Text word) {
    return word == "-S"_t || word == "-i"_t || word == "-"_t || word == "-v"_t || word == "-iS"_t ||
           word == "-vS"_t || word == "--split-string"_t || word == "--ignore-environment"_t;
  }

  // What ld.so puts into the program's memory.
  void grant_loaded() {
    grant_library(interpreter_, program_);
    // LD_PRELOAD: ld.so leaves out what it does not find.
    for (Text list = preload_; !list.empty();) {
      const Text name = list.first(item_size(list, ' '));
      find_library(name, program_);
      list = list.from(name.size + 1);
    }
    for (; next_dependency_ < end_dependencies_; next_dependency_++)
      grant_library(next_dependency_->name, next_dependency_->user);
  }

  void grant_library(Text name, const LoadedObject *user) {
    if (!find_library(name, user))
      fail(
          "% is not found, but % needs it\n"
          "install it; libraries are looked for in LD_LIBRARY_PATH, too",
          name, user->path);
  }

  // The open file.
  void add(Text path, const LoadedObject *loader) {
    const size_t rule = grant(Directive::Rx, path);
    for (const LoadedObject *object = program_; object < end_; object++)
      if (object->rule == rule) return;
    check_room(end_ < tables_.objects + kMaxRules);
    LoadedObject &object = *end_++;
    object.path = object.name = path;
    object.rule = rule;
    object.loader = loader;
    read_dynamic(object);
    if (file_.read_error() < 0)
      fail("cannot read %: %", path, errno_text(static_cast<int>(-file_.read_error())));
    // If there is a RUNPATH, an RPATH is ignored; musl has only one of them (ldso/dynlink.c).
    if (object.runpath.empty()) return;
    object.rpath = musl_ ? object.runpath : Text{};
    if (musl_) object.runpath = {};
  }

  // Entry number `i` of the dynamic section at `offset`; null at its end.
  const Dynamic *entry_at(uint64_t offset, uint64_t i) {
    const auto *entry =
        record_in<Dynamic>(file_.stretch_at(offset + i * sizeof(Dynamic), sizeof(Dynamic)));
    return i == kMaxDynamic || entry == nullptr || entry->tag == kEnd ? nullptr : entry;
  }

  void read_dynamic(LoadedObject &object) {
    const Segment *segment = file_.find_segment(kDynamic);
    if (segment == nullptr) return;
    const uint64_t offset = segment->offset;
    const Dynamic *entry = nullptr;
    uint64_t i = 0;
    do entry = entry_at(offset, i++);
    while (entry != nullptr && entry->tag != kStrings);
    if (entry == nullptr) return;
    uint64_t strings = entry->value;
    segment = file_.find_segment(kLoad, strings);
    if (segment == nullptr) return;
    strings += segment->offset - segment->address;
    for (i = 0;; i++) {
      entry = entry_at(offset, i);
      if (entry == nullptr) return;
      Text *text = nullptr;
      switch (entry->tag) {
        case kNeeded:
          check_room(end_dependencies_ < tables_.dependencies + LibraryTables::kMaxDependencies);
          end_dependencies_->user = &object;
          text = &end_dependencies_++->name;
          break;
        case kName: text = &object.name; break;
        case kRpath: text = &object.rpath; break;
        case kRunpath: text = &object.runpath; break;
        default: continue;
      }
      *text = keep(string_in(file_.stretch_at(strings + entry->value, kMaxStretch)));
    }
  }

  [[nodiscard]] bool is_loaded(Text name) const {
    if (musl_ && starts_with(name, "libc."_t))
      return true;  // ldso/dynlink.c: the dynamic linker itself
    for (const LoadedObject *object = program_; object < end_; object++)
      if (object->name == name || base_name(object->path) == name) return true;
    return false;
  }

  // ld.so(8), or ldso/dynlink.c of musl, which asks the environment first.
  bool find_library(Text name, const LoadedObject *user) {
    if (find(name, '/') != kNpos) return take({}, name, user, user);
    if (is_loaded(name)) return true;
    if (musl_ && find_in(library_path_, name, program_, user)) return true;
    if (user->runpath.empty())
      for (const LoadedObject *owner = user; owner != nullptr; owner = owner->loader)
        if (find_in(owner->rpath, name, owner, user)) return true;
    return find_in(library_path_, name, program_, user) ||
           find_in(user->runpath, name, user, user) || find_in_system(name, user);
  }

  // In the directories of `list`, whose $ORIGIN is the directory of `owner`.
  bool find_in(Text list, Text name, const LoadedObject *owner, const LoadedObject *user) {
    if (list.empty()) return false;
    for (;;) {
      const Text folder = list.first(item_size(list, ';'));
      if (take(folder.empty() ? "."_t : folder, name, owner, user)) return true;
      if (folder.size == list.size) return false;
      list = list.from(folder.size + 1);
    }
  }

  bool find_in_system(Text name, const LoadedObject *user) {
    if (system_.data == nullptr) read_system();
    if (musl_) return find_in(system_, name, user, user);
    bool found = false;
    for (size_t i = 0; i < cache_size(system_); i++) {
      const Text path = path_in_cache(system_, i, name);
      // All builds of it, for any processor (glibc-hwcaps).
      if (!path.empty() && take({}, path, user, user)) found = true;
    }
    return found || find_in("/$LIB:/usr/$LIB:/lib:/usr/lib:/lib64:/usr/lib64"_t, name, user, user);
  }

  // The dynamic linker's own search: a cache of libraries, or a list of directories.
  void read_system() {
    Text path = "/etc/ld.so.cache"_t;
    system_ = path.first(0);
    if (musl_) {  // /etc/ld-musl-x86_64.path of /lib/ld-musl-x86_64.so.1
      system_ = "/lib:/usr/local/lib:/usr/lib"_t;
      const Text name = base_name(interpreter_);
      const size_t start = arena_.used;
      put("/etc/"_t);
      put(name.first(find(name, '.')));
      put(".path"_t);
      path = finish(start);
    }
    if (file_.open(path.data) < 0) return;
    system_ = file_.read_start(tables_.system_bytes, LibraryTables::kMaxSystem);
    if (!musl_) system_ = find_cache(system_);
    grant(Directive::Ro, path);
  }

  // The library of this machine at `name`, in `folder` if there is one. Builds for better
  // processors that are not in the cache are not looked for: ld.so passes over what it may not
  // open.
  bool take(Text folder, Text name, const LoadedObject *owner, const LoadedObject *user) {
    const size_t start = arena_.used;
    expand(folder, owner);
    if (!folder.empty()) put("/"_t);
    expand(name, owner);
    const Text path = finish(start);
    file_.open(path.data);
    if (format_of(file_.stretch_at(0, kHeadSize)) == Format::Elf) {
      add(path, user);
      return true;
    }
    arena_.used = start;
    return false;
  }

  void expand(Text text, const LoadedObject *owner) {
    for (;;) {
      const Text plain = text.first(find(text, '$'));
      put(plain);
      text = text.from(plain.size);
      if (text.empty()) return;
      size_t row = 0;
      while (!starts_with(text, nth(kTokens, row))) row++;
      put(token_value(row / 2, owner));
      text = text.from(nth(kTokens, row).size);
    }
  }

  Text token_value(size_t token, const LoadedObject *owner) {
    switch (token) {
      case 0: return folder_of(owner->path);
      case 1: {  // where the dynamic linker is, beneath / or /usr: from its "lib" on
        const Text folder = folder_of(policy_.rules[program_[1].rule].value);
        return folder.from(find(folder, 'l'));
      }
      case 2: return "" LL_MACHINE ""_t;
      default: return "$"_t;
    }
  }

  const Process &process_;
  Policy &policy_;
  Arena &arena_;
  LibraryTables &tables_;
  ExecutableFile file_;
  SourceSpan where_;
  size_t first_;  // of the rules that are added here
  Text preload_, library_path_;

  // Of the program that is looked at; it is the first of its objects.
  LoadedObject *program_ = nullptr;
  LoadedObject *end_ = tables_.objects;
  Dependency *next_dependency_ = nullptr;
  Dependency *end_dependencies_ = tables_.dependencies;
  Text interpreter_;
  bool musl_ = false;
  Text system_;
};

}  // namespace

void grant_libraries(const Process &process, Policy &policy, size_t command,
                     LibraryTables &tables) {
  Libraries(process, policy, tables).grant_command(command);
}

}  // namespace ll
