// The text of a policy.
#include "subject.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size) {
  if (size > ll::kMaxFile) return 0;
  const std::string text(reinterpret_cast<const char *>(bytes), size);
  unsigned choice = 0;
  for (size_t i = 0; i < size; i++) choice = choice * 31 + bytes[i];
  Subject &subject = fresh_subject();
  if (!parse_text(subject, text)) {
    check_problem(subject);
    return 0;
  }
  check_plans(subject, choice >> 4);
  check_round_trip(subject);
  return 0;
}
