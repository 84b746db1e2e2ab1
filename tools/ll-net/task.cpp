#include "task.h"

#include "status.h"

namespace ll {

long open_task(uint32_t task, bool &of_thread) {
  const long opened = sys::open_thread(task);
  of_thread = opened >= 0;
  if (opened != -uapi::kEINVAL) return opened;
  uint64_t process = 0;
  if (!parse_number(Status(task).field("Tgid:"_t), INT32_MAX, process)) return -uapi::kESRCH;
  return sys::open_process(static_cast<long>(process));
}

// "socket:[12345]", proc_pid_fd(5)
long socket_of(uint32_t task, int number) {
  if (number < 0) return -uapi::kEBADF;
  FixedString<64> path;
  path << "/proc/"_t << task << "/fd/"_t << static_cast<uint32_t>(number) << '\0';
  char target[64];
  const long size = sys::read_link(path.text().data, target, sizeof target);
  if (size == -uapi::kENOENT) return -uapi::kEBADF;
  if (size < 0) return -uapi::kEACCES;
  const Text prefix = "socket:["_t;
  Text text = {target, static_cast<size_t>(size)};
  uint64_t inode = 0;
  if (!starts_with(text, prefix) || !ends_with(text, "]"_t)) return 0;
  text = text.from(prefix.size);
  return parse_number(text.first(text.size - 1), INT64_MAX, inode) ? static_cast<long>(inode) : 0;
}

void name_of_task(uint32_t task, char (&name)[16]) {
  FixedString<64> path;
  path << "/proc/"_t << task << "/comm"_t << '\0';
  const long file = sys::open_at(uapi::kAT_FDCWD, path.text().data, uapi::kO_RDONLY);
  if (file < 0) return;
  const long got = sys::read(static_cast<int>(file), name, sizeof name);
  sys::close(static_cast<int>(file));
  if (got > 0) name[got - 1] = '\0';  // its newline
}

bool is_interrupted(uint32_t task) {
  const Status status(task);
  const uint64_t pending = status.mask("SigPnd:"_t) | status.mask("ShdPnd:"_t);
  return (pending & status.mask("SigCgt:"_t) & ~status.mask("SigBlk:"_t)) != 0;
}

}  // namespace ll
