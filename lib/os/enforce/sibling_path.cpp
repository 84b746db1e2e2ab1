#include "os/enforce/sibling_path.h"

namespace ll {

void write_sibling_path(const Process &process, const Policy &policy, Text name,
                        SiblingPath &path) {
  const Text own = process.executable != nullptr ? c_text(process.executable) : Text{};
  const long size = resolve({}, own, path, kMaxPath);
  if (size < 0) die_errno(policy, "find this program's directory", size);
  const size_t slash = find_last({path, static_cast<size_t>(size)}, '/');
  Builder(path + slash + 1, sizeof path - slash - 1) << name << '\0';
}

}  // namespace ll
