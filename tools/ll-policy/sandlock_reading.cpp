// sandlock's profiles, with and without sections, and the command lines of its `run`.
#include <cstdlib>
#include <deque>

#include "foreign.h"
#include "sandlock.h"
#include "toml_place.h"

namespace ll::sandlock {

namespace {

constexpr size_t kCount = sizeof kKeys / sizeof *kKeys;

class ProfileReader {
 public:
  ProfileReader(const Policy &policy, uint16_t source, const Draft &draft, Settings &settings)
      : policy_(policy), source_(source), draft_(draft), settings_(settings) {}

  void read() {
    toml::table table;
    try {
      const Text text = policy_.sources[source_].text;
      table = toml::parse(std::string_view(text.data == nullptr ? "" : text.data, text.size));
    } catch (const toml::parse_error &error) {
      draft_.fail(place(error.source()), std::string(error.description()));
    }
    for (const auto &[key, node] : table) read_top(std::string(key.str()), key.source(), node);
  }

 private:
  [[nodiscard]] SourceSpan place(const toml::source_region &region) const {
    return place_of(policy_, source_, region);
  }

  // A section; or, in a profile without, a setting or its only table.
  void read_top(const std::string &name, const toml::source_region &at, const toml::node &node) {
    const toml::table *table = node.as_table();
    const bool flat = table == nullptr || name == "env";
    if (flat) return read_key("", name, at, node);
    if (name == "sandbox") {
      for (const auto &[key, value] : *table)
        read_key("", std::string(key.str()), key.source(), value);
      return;
    }
    if (!is_section(name)) draft_.fail(place(at), "sandlock has no section '" + name + "'");
    for (const auto &[key, value] : *table)
      read_key(name, std::string(key.str()), key.source(), value);
  }

  static bool is_section(const std::string &name) {
    for (const KeyRow &row : kKeys)
      if (*row.section != '\0' && name == row.section) return true;
    return false;
  }

  // Without sections the older names hold.
  void read_key(const std::string &section, const std::string &name, const toml::source_region &at,
                const toml::node &node) {
    for (size_t i = 0; i < kCount; i++) {
      const KeyRow &row = kKeys[i];
      const bool found = section.empty() ? *row.old_key != '\0' && name == row.old_key
                                         : section == row.section && name == row.key;
      if (found) return read_value(static_cast<Key>(i), row.shape, node);
    }
    draft_.fail(place(at), "sandlock has no '" + name + "'" +
                               (section.empty() ? "" : " in [" + section + "]"));
  }

  void read_value(Key key, Shape shape, const toml::node &node) {
    switch (shape) {
      case Shape::One: return settings_.set(key, scalar(node));
      case Shape::Switch:
        if (flag(node)) settings_.set(key, {"true", place(node.source())});
        return;
      case Shape::List: {
        const toml::array *array = node.as_array();
        if (array == nullptr)
          draft_.fail(place(node.source()), "must be a list", "write it in [...]");
        // Of GPUs, none that is named is all.
        if (array->empty() && key == Key::Gpu) settings_.set(key, {"all", place(node.source())});
        for (const toml::node &item : *array) settings_.set(key, scalar(item));
        return;
      }
      case Shape::Pairs: {
        const toml::table *table = node.as_table();
        if (table == nullptr)
          draft_.fail(place(node.source()), "must be a table", "{ NAME = \"VALUE\" }");
        for (const auto &[name, value] : *table) {
          const SourceText text = scalar(value);
          settings_.set(key, {escaped(std::string(name.str())) + "=" + text.text, text.where});
        }
      }
    }
  }

  [[nodiscard]] SourceText scalar(const toml::node &node) const {
    const SourceSpan where = place(node.source());
    if (const auto text = node.value_exact<std::string>()) return {escaped(*text), where};
    const auto number = node.value_exact<int64_t>();
    if (!number) draft_.fail(where, "must be a string or a number");
    if (*number < 0) draft_.fail(where, "must be a number of 0 or more");
    return {std::to_string(*number), where};
  }

  [[nodiscard]] bool flag(const toml::node &node) const {
    const auto value = node.value_exact<bool>();
    if (!value) draft_.fail(place(node.source()), "must be true or false");
    return *value;
  }

  const Policy &policy_;
  uint16_t source_;
  const Draft &draft_;
  Settings &settings_;
};

std::string profile_folder() {
  const char *config = std::getenv("XDG_CONFIG_HOME");
  const char *home = std::getenv("HOME");
  if (config != nullptr && config[0] == '/') return std::string(config) + "/sandlock/profiles";
  return std::string(home == nullptr ? "" : home) + "/.config/sandlock/profiles";
}

class WordReader {
 public:
  WordReader(const std::vector<SourceText> &words, const Draft &draft, Settings &settings)
      : words_(words), draft_(draft), settings_(settings) {}

  void read() {
    if (at_ < words_.size() && is_sandlock(words_[at_].text)) at_++;
    if (at_ >= words_.size() || words_[at_].text != "run")
      draft_.fail(at_ < words_.size() ? words_[at_].where : SourceSpan{},
                  "not a sandlock run command line");
    for (at_++; at_ < words_.size() && words_[at_].text != "--"; at_++) read_option();
    for (at_++; at_ < words_.size(); at_++) settings_.command.push_back(words_[at_]);
  }

 private:
  static bool is_sandlock(const std::string &word) {
    return word == "sandlock" || word.ends_with("/sandlock");
  }

  // As clap(rs) reads them: --name value, --name=value, -x value, -xvalue.
  void read_option() {
    const SourceText &word = words_[at_];
    const std::string &text = word.text;
    const bool is_long = text.starts_with("--");
    if (text.size() < 2 || text[0] != '-')
      draft_.fail(word.where, "'" + text + "' is not an option", "the command comes after --");
    const size_t end = is_long ? std::min(text.find('='), text.size()) : 2;
    const Key key = key_named(word, text.substr(0, end));
    std::string value =
        text.substr(std::min(end + (is_long || text[end] == '=' ? 1 : 0), text.size()));
    const bool given = end < text.size();
    if (row_of(key).shape == Shape::Switch) {
      if (given) draft_.fail(word.where, text.substr(0, end) + " takes no value");
      return settings_.set(key, {"true", word.where});
    }
    if (given) return add(key, {value, word.where});
    if (at_ + 1 == words_.size()) draft_.fail(word.where, text + " has no value");
    add(key, words_[++at_]);
  }

  [[nodiscard]] Key key_named(const SourceText &word, const std::string &name) const {
    for (size_t i = 0; i < kCount; i++) {
      const KeyRow &row = kKeys[i];
      const bool is_letter = row.letter != '\0' && name == std::string("-") + row.letter;
      if (is_letter || (*row.option != '\0' && name == std::string("--") + row.option))
        return static_cast<Key>(i);
    }
    draft_.fail(word.where, "sandlock run has no option " + name);
  }

  void add(Key key, const SourceText &value) { settings_.set(key, value); }

  const std::vector<SourceText> &words_;
  const Draft &draft_;
  Settings &settings_;
  size_t at_ = 0;
};

}  // namespace

std::string escaped(const std::string &text) {
  std::string all;
  for (const char c : text) all += c == '$' ? "$$" : std::string(1, c);
  return all;
}

void Settings::set(Key key, const SourceText &value) {
  std::vector<SourceText> &all = values[key];
  const Shape shape = row_of(key).shape;
  if (shape == Shape::One || shape == Shape::Switch) all.clear();
  all.push_back(value);
}

void read_profile(const Policy &policy, uint16_t source, const Draft &draft, Settings &settings) {
  ProfileReader(policy, source, draft, settings).read();
}

void read_words(Policy &policy, const std::vector<SourceText> &words, const Draft &draft,
                Settings &settings) {
  Settings given;
  WordReader(words, draft, given).read();
  // As long as the program, as the name of a source.
  static std::deque<std::string> files;
  for (const Key key : {Key::Profile, Key::ProfileFile}) {
    if (!given.has(key)) continue;
    const SourceText named = given.all(key)[0];
    const std::string name = draft.expanded(named);
    const bool is_name = key == Key::Profile;
    if (is_name && name.find('/') != std::string::npos && !name.ends_with(".toml"))
      draft.fail(named.where, "'" + name + "' is not a profile's name");
    const bool is_file = !is_name || name.ends_with(".toml");
    const std::string &file =
        files.emplace_back(is_file ? name : profile_folder() + "/" + name + ".toml");
    const Word word = {.value = text_of(file), .where = named.where};
    read_profile(policy, add_foreign(policy, word), draft, settings);
  }
  for (const auto &[key, values] : given.values)
    for (const SourceText &value : values) settings.set(key, value);
  if (!given.command.empty()) settings.command = given.command;
}

}  // namespace ll::sandlock
