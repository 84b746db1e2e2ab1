#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include "commands.h"
#include "core/host.h"
#include "core/table_writer.h"
#include "os/input/search_path.h"
#include "rejection.h"

namespace ll {

namespace {

constexpr size_t kNameColumn = 16;

SearchPath search_path(const Process &process, Arena &arena) {
  SearchPath search(arena);
  search.find(process, {.environment = process.environment});
  return search;
}

struct FoundPolicy {
  std::string name, file, purpose;
};

// The first sentence: "# ffmpeg: transcode media. No network." is of ffmpeg.policy.
std::string purpose_of(const std::string &file, const std::string &name) {
  char bytes[kMaxLine];
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat stat = {};
  if (descriptor < 0 || fstat(descriptor, &stat) < 0) return "(cannot be read)";
  const long size = S_ISREG(stat.st_mode) ? ::read(descriptor, bytes, sizeof bytes) : -1;
  close(descriptor);
  if (size < 0) return "(cannot be read)";
  std::string line(bytes, static_cast<size_t>(size));
  line.resize(std::min(line.size(), line.find('\n')));
  if (line.empty() || line[0] != '#') return "";
  line.erase(0, line.find_first_not_of("# "));
  if (line.starts_with(name + ": ")) line.erase(0, name.size() + 2);
  line.resize(std::min(line.size(), line.find(". ")));
  if (line.ends_with('.')) line.pop_back();
  return line;
}

std::vector<FoundPolicy> policies_in(const std::string &folder) {
  constexpr std::string_view kEnding = ".policy";
  std::vector<FoundPolicy> policies;
  std::error_code error;
  for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
    std::string name = entry.path().filename().string();
    if (!name.ends_with(kEnding) || name.size() == kEnding.size()) continue;
    name.resize(name.size() - kEnding.size());
    policies.push_back({name, entry.path().string(), purpose_of(entry.path().string(), name)});
  }
  std::sort(policies.begin(), policies.end(),
            [](const FoundPolicy &a, const FoundPolicy &b) { return a.name < b.name; });
  return policies;
}

void print_found(TableWriter &rows, const FoundPolicy &found, const std::string &hiding) {
  Builder &out = rows.row();
  format(out, "%", text_of(found.name));
  rows.pad_to(kNameColumn);
  format(out, " %", text_of(found.purpose));
  if (!hiding.empty()) format(out, " (hidden by %)", text_of(hiding));
}

void add_found(JsonWriter &json, const FoundPolicy &found, const std::string &hiding) {
  json.item("{\"name\":%,\"purpose\":%,\"file\":%,\"hidden\":%}", Quoted{text_of(found.name)},
            Quoted{text_of(found.purpose)}, Quoted{text_of(found.file)}, truth(!hiding.empty()));
  json.flush();
}

}  // namespace

int list_policies(const Process &process, const PolicyRequest &request) {
  const auto arena = std::make_unique<Arena>();
  const SearchPath search = search_path(process, *arena);
  std::map<std::string, std::string> first;
  TableWriter rows;
  JsonWriter json;
  bool any = false;
  if (request.json) json.format("[");
  for (size_t i = 0; i < search.size(); i++) {
    const std::vector<FoundPolicy> policies = policies_in(string_of(search[i]));
    if (policies.empty()) continue;
    if (!request.json) {
      if (any) rows.row();
      rows.end();
      format(rows.line(), "%", search[i]);
      any = true;
    }
    for (const FoundPolicy &found : policies) {
      const auto [place, nearest] = first.emplace(found.name, found.file);
      const std::string hiding = nearest ? "" : place->second;
      request.json ? add_found(json, found, hiding) : print_found(rows, found, hiding);
    }
  }
  rows.end();
  if (request.json) json.format("]\n");
  json.flush();
  return 0;
}

int list_folders(const Process &process, const PolicyRequest &request) {
  const auto arena = std::make_unique<Arena>();
  const SearchPath search = search_path(process, *arena);
  TableWriter rows;
  JsonWriter json;
  if (request.json) json.format("[");
  for (size_t i = 0; i < search.size(); i++) {
    struct stat stat = {};
    const bool exists = ::stat(string_of(search[i]).c_str(), &stat) == 0 && S_ISDIR(stat.st_mode);
    if (request.json)
      json.item("{\"folder\":%,\"exists\":%}", Quoted{search[i]}, truth(exists));
    else
      format(rows.line() << (exists ? ""_t : "(missing) "_t), "%\n", search[i]);
  }
  rows.end();
  if (request.json) json.format("]\n");
  json.flush();
  return 0;
}

}  // namespace ll
