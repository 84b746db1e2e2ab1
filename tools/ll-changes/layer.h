// A layer on disk: LAYER/0, LAYER/1, ... are its parts, one for each directory. In a part `upper`
// and `work` are overlayfs's, `info` says what they belong to, `stage` is where a commit puts what
// it takes out of the directory, and `known` what it saw before its first change. `note-N` is a
// link whose target is the mode and time of inode N of `upper` before a commit changed them.
#pragma once

#include <map>

#include "files.h"
#include "request.h"

namespace ll {

struct OverlayDir {
  std::string directory;  // its path
  std::string name;       // as it was named: what changes in it are told by
  dev_t device = 0;
  ino_t inode = 0;
  timespec start = {};  // what has changed in the directory since then was not the command
  std::string id;       // that nobody can guess
  Descriptor opened;    // of the part itself
  mutable bool has_notes = false;

  // Where a commit that copies puts what is not whole yet, in the directory itself.
  [[nodiscard]] std::string stage() const { return ".ll-changes-" + id; }
  // What a link says that is in `upper` in the place of something deleted, of a layer that was made
  // by copying.
  [[nodiscard]] std::string whiteout() const { return "deleted-" + id; }
  // "name/path", or the path alone for the current directory.
  [[nodiscard]] std::string shown_path(const std::string &path) const;
};

struct Layer {
  std::string path;
  std::vector<OverlayDir> parts;
  Descriptor opened;
  Descriptor lock;
  Descriptor disk;   // what `opened` is the root of, where it is in memory
  Descriptor place;  // then: what is at `path`, with an empty directory for each part
};

// For each directory an empty part, or the layer of an earlier run where that is there. It stays
// locked as long as this process lives.
Layer make_layer(const ChangesRequest &request);
// Of an earlier run. `locked`: nobody else may use it.
Layer open_layer(const std::string &path, bool locked);
// What a command has changed in copies, where it ran in such; false: not all could be told.
bool finish_copies(const Layer &layer);
void drop_layer(Layer &layer);
void remove_stage(const OverlayDir &part, const Descriptor &target);
// Whether that was begun: there is nothing to commit.
bool is_dropped(const Layer &layer);

// The directory that the part is about; ends the program if it is another one by now.
Descriptor open_target(const OverlayDir &part);
Descriptor open_upper(const OverlayDir &part);
// What is in `upper`, as it shall be.
FileStat upper_stat(const OverlayDir &part, int upper, const char *name);
// A directory there, although it may be closed to its own owner.
Descriptor open_upper(const OverlayDir &part, int upper, const char *name);
// For upper_stat(), before they are changed.
void note_stat(const OverlayDir &part, const FileStat &stats);
// Lets the owner do what `bits` say, and notes what the mode shall be.
void unlock(const OverlayDir &part, int upper, const char *name, mode_t bits);

}  // namespace ll
