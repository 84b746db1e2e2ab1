#include "commands.h"
#include "core/host.h"
#include "foreign.h"
#include "os/input/load.h"
#include "output.h"

namespace ll {

namespace {

constexpr char kFormats[] = "sandboxec\0lightbox\0landrun\0sandlock\0";
enum class ForeignFormat : uint8_t { Sandboxec, Lightbox, Landrun, Sandlock };

bool has_words(ForeignFormat pattern) {
  return pattern == ForeignFormat::Landrun || pattern == ForeignFormat::Sandlock;
}

ForeignFormat format_of(const Policy &policy, const PolicyRequest &request) {
  if (!request.from.value.empty()) {
    const size_t row = row_named(kFormats, request.from.value);
    if (row == kNpos)
      die_at(policy, request.from.where,
             "unknown format '%'\nsandboxec, lightbox, landrun or sandlock", request.from.value);
    if (request.words && !has_words(static_cast<ForeignFormat>(row)))
      die_at(policy, request.from.where, "% is converted from a file, not from a command line",
             request.from.value);
    return static_cast<ForeignFormat>(row);
  }
  if (request.words) {
    const Text first = request.operands[0].value;
    const bool is_sandlock = first == "sandlock"_t || ends_with(first, "/sandlock"_t);
    return is_sandlock ? ForeignFormat::Sandlock : ForeignFormat::Landrun;
  }
  const Text file = request.operands[0].value;
  if (ends_with(file, ".yaml"_t) || ends_with(file, ".yml"_t)) return ForeignFormat::Sandboxec;
  if (ends_with(file, ".toml"_t)) return ForeignFormat::Lightbox;
  die_at(policy, request.operands[0].where,
         "unknown format\nname it: --from sandboxec, lightbox, landrun or sandlock");
}

// The shell has done quotes and variables.
std::vector<SourceText> literal_words(const PolicyRequest &request) {
  std::vector<SourceText> words;
  for (const Word &operand : request.operands) {
    std::string text;
    for (size_t i = 0; i < operand.value.size; i++)
      text += operand.value[i] == '$' ? "$$" : std::string(1, operand.value[i]);
    words.push_back({text, operand.where});
  }
  return words;
}

void convert_into(const Process &process, Policy &policy, const PolicyRequest &request,
                  ForeignFormat pattern, Draft &draft) {
  if (request.words && pattern == ForeignFormat::Sandlock)
    return convert_sandlock_words(policy, literal_words(request), draft);
  if (request.words) return convert_landrun(process, literal_words(request), draft);
  const uint16_t source = add_foreign(policy, request.operands[0]);
  switch (pattern) {
    case ForeignFormat::Sandboxec: return convert_sandboxec(policy, source, draft);
    case ForeignFormat::Lightbox: return convert_lightbox(policy, source, draft);
    case ForeignFormat::Landrun:
      return convert_landrun(process, words_of_shell(policy, source), draft);
    case ForeignFormat::Sandlock: return convert_sandlock(policy, source, draft);
  }
}

}  // namespace

int convert(const Process &process, Policy &policy, const PolicyRequest &request) {
  remember_directory(policy);
  const ForeignFormat pattern = format_of(policy, request);
  constexpr Dialect kDialects[] = {kSandboxec, kLightbox, kLandrun, kSandlock};
  Draft draft(policy, kDialects[static_cast<size_t>(pattern)], request.widen);
  const std::string from = string_of(nth(kFormats, static_cast<size_t>(pattern)));
  draft.comment("converted from " + from + " by ll-policy: say here what it is for");
  try {
    convert_into(process, policy, request, pattern, draft);
    write_policy(policy, request.output, draft.finish());
  } catch (const Unconverted &problems) {
    host_write(2, text_of(problems.messages));
    return kFailed;
  }
  host_write(2, text_of(draft.notes()));
  return 0;
}

}  // namespace ll
