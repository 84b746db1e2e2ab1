// Where the policies are that are installed with this library.
#include <dlfcn.h>
#include <unistd.h>

#include "handle.h"

namespace ll {

namespace {

bool has_policies(const std::string &folder) {
  return access((folder + "/policies").c_str(), F_OK) == 0 ||
         access((folder + "/../share/ll-exec/policies").c_str(), F_OK) == 0;
}

}  // namespace

std::string place_of_programs() {
  Dl_info info = {};
  std::string folder;
  if (dladdr(reinterpret_cast<const void *>(&place_of_programs), &info) != 0 &&
      info.dli_fname != nullptr)
    folder = info.dli_fname;
  const size_t slash = folder.rfind('/');
  folder.resize(slash == std::string::npos ? 0 : slash);
  // PREFIX/lib, PREFIX/lib/ARCHITECTURE, or the build folder.
  for (const char *way : {"", "/../bin", "/../../bin"})
    if (!folder.empty() && has_policies(folder + way)) return folder + way + "/ll-exec";
  return LL_BINDIR "/ll-exec";
}

}  // namespace ll
