// What sandlock is told, by its options, its profiles, or both.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "draft.h"

namespace ll::sandlock {

enum class Key : uint8_t {
#define KEY(id, letter, option, section, key, old_key, shape, instead) id,
#include "sandlock.def"
};
enum class Shape : uint8_t { One, List, Switch, Pairs };

struct KeyRow {
  char letter;
  const char *option, *section, *key, *old_key;
  Shape shape;
  const char *instead;
};
inline constexpr KeyRow kKeys[] = {
#define KEY(id, letter, option, section, key, old_key, shape, instead) \
  {letter, option, section, key, old_key, Shape::shape, instead},
#include "sandlock.def"
};
inline const KeyRow &row_of(Key key) { return kKeys[static_cast<size_t>(key)]; }

// A dollar is a dollar, as Draft's $$; a switch that is off is not in it.
struct Settings {
  std::map<Key, std::vector<SourceText>> values;
  std::vector<SourceText> command;

  [[nodiscard]] bool has(Key key) const { return values.contains(key); }
  [[nodiscard]] std::vector<SourceText> all(Key key) const {
    const auto found = values.find(key);
    return found == values.end() ? std::vector<SourceText>{} : found->second;
  }
  void set(Key key, const SourceText &value);
};

std::string escaped(const std::string &text);

// A profile's source. Throws where it is none.
void read_profile(const Policy &policy, uint16_t source, const Draft &draft, Settings &settings);
// The words of `sandlock run`, and the profile that they name.
void read_words(Policy &policy, const std::vector<SourceText> &words, const Draft &draft,
                Settings &settings);

// connect, noconnect and bind, and what is to be said of the network.
void write_network(const Settings &settings, Draft &draft);

}  // namespace ll::sandlock
