// The bytes of /etc/ld.so.cache.
#include "core/elf.h"
#include "subject.h"

using namespace ll;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size) {
  const Text file = {reinterpret_cast<const char *>(bytes), size};
  const Text cache = find_cache(file);
  require(cache.size <= size, "the cache is in the file");
  const size_t count = cache_size(cache);
  // Some of them, and those at the end of the numbers.
  for (size_t i = 0; i < count && i < 2000; i++)
    for (const Text name : {"libc.so.6"_t, "a"_t, ""_t})
      require(path_in_cache(cache, i, name).size <= size, "a path is in the file");
  if (count > 0) require(path_in_cache(cache, count - 1, "a"_t).size <= size, "the last one, too");
  return 0;
}
