// replay FILE|FOLDER...: the target on each input, without libFuzzer. Prints how many there were.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "require.h"

namespace fs = std::filesystem;

namespace {

void run(const fs::path &file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  // Exactly as large: a sanitizer sees what is read behind it.
  const std::unique_ptr<unsigned char[]> bytes(new unsigned char[text.size()]);
  std::copy(text.begin(), text.end(), bytes.get());
  LLVMFuzzerTestOneInput(bytes.get(), text.size());
}

}  // namespace

int main(int argc, char **argv) {
  std::vector<fs::path> files;
  for (int i = 1; i < argc; i++) {
    if (!fs::is_directory(argv[i])) files.emplace_back(argv[i]);
    if (!fs::is_directory(argv[i])) continue;
    for (const auto &entry : fs::recursive_directory_iterator(argv[i]))
      if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path &file : files) {
    fprintf(stderr, "%s\n", file.c_str());  // the last line names what it died of
    run(file);
  }
  printf("%zu inputs\n", files.size());
  return files.empty() ? 1 : 0;
}
