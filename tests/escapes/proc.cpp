// What /proc tells about, and does to, the user's other processes.
#include "attempt.h"
#include "probes.h"

#include <dirent.h>
#include <cerrno>

namespace {

std::string victim_entry(const char *entry) { return "/proc/" + target("victim") + "/" + entry; }

}  // namespace

Outcome read_victim_entry(const char *entry) {
  return secret_read_from("open", open(victim_entry(entry).c_str(), O_RDONLY | O_CLOEXEC));
}

Outcome read_victim_maps() {
  const int maps = open(victim_entry("maps").c_str(), O_RDONLY | O_CLOEXEC);
  char bytes[64];
  const long size = maps < 0 ? maps : read(maps, bytes, sizeof bytes);
  return size == 0 ? refused("read", 0) : outcome_of("open and read", size);
}

Outcome read_victim_memory() {
  const int memory = open(victim_entry("mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) {
    return failed("open", errno);
  }
  char bytes[sizeof secret] = {};
  if (pread(memory, bytes, sizeof bytes, target_number("victim-address")) < 0) {
    return failed("pread", errno);
  }
  return holds_secret(bytes, sizeof bytes) ? escaped("pread") : refused("pread", 0);
}

Outcome write_victim_memory() {
  const int memory = open(victim_entry("mem").c_str(), O_RDWR | O_CLOEXEC);
  if (memory < 0) {
    return failed("open", errno);
  }
  return outcome_of("pwrite", pwrite(memory, "A", 1, target_number("victim-address")));
}

Outcome read_through_victim_link(const char *link, const std::string &rest) {
  const std::string path = victim_entry(link) + rest;
  return secret_read_from("open", open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

Outcome adjust_victim_oom_score() {
  const int score = open(victim_entry("oom_score_adj").c_str(), O_WRONLY | O_CLOEXEC);
  return outcome_of("open and write", score < 0 ? score : write(score, "500", 3));
}

Outcome list_processes() {
  DIR *processes = opendir("/proc");
  if (processes == nullptr) {
    return failed("opendir", errno);
  }
  while (const dirent *entry = readdir(processes)) {
    if (target("victim") == entry->d_name) {
      return escaped("readdir");
    }
  }
  return refused("readdir", 0);
}

// Opened and closed again, never written.
Outcome open_for_writing(const char *path) {
  return outcome_of("open for writing", open(path, O_WRONLY | O_CLOEXEC));
}
