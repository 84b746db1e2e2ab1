#include "output.h"

#include "core/host.h"
#include "os/kernel/process.h"
#include "os/kernel/sys.h"
#include "rejection.h"

namespace ll {

void write_policy(const Policy &policy, Text file, const std::string &text) {
  if (file.empty()) return host_write(1, text_of(text));
  const long descriptor =
      sys::create_at(uapi::kAT_FDCWD, file.data, uapi::kO_WRONLY | uapi::kO_EXCL, 0644);
  if (descriptor == -uapi::kEEXIST)
    die_at(policy, {}, "% already exists\nremove it, or name another file", file);
  if (descriptor < 0) die_at(policy, {}, "cannot write %: %", file, Error{descriptor});
  host_write(static_cast<int>(descriptor), text_of(text));
  sys::close(static_cast<int>(descriptor));
}

}  // namespace ll
