#include "facts.h"

#include <sstream>

namespace {

unsigned long long number(const std::string &digits, int base) {
  return std::stoull(digits.empty() ? "0" : digits, nullptr, base);
}

bool is_weaker(const std::string &name, const std::string &was, const std::string &is) {
  switch (name[0]) {
    case '=': return is != was;
    case '+': return (number(is, 16) & ~number(was, 16)) != 0;
    case '<': return number(is, 10) > number(was, 10);
    default: return is == "yes" && was != "yes";
  }
}

}  // namespace

Facts facts_in(const std::string &report) {
  Facts facts;
  std::istringstream lines(report);
  for (std::string line; std::getline(lines, line);) {
    const size_t blank = line.rfind(' ');
    if (blank != std::string::npos) facts[line.substr(0, blank)] = line.substr(blank + 1);
  }
  return facts["=end"] == "here" ? facts : Facts{};
}

std::string weaker(const Facts &was, const Facts &is) {
  std::string all;
  for (const auto &[name, value] : is) {
    const auto before = was.find(name);
    const std::string old = before == was.end() ? "" : before->second;
    if (is_weaker(name, old, value)) all += name + ": " + old + " -> " + value + "; ";
  }
  return all;
}

std::string unexpected(const Facts &facts, const std::string &wanted) {
  std::string all;
  std::istringstream words(wanted);
  for (std::string word; words >> word;) {
    const std::string name = word.substr(0, word.rfind('='));
    const std::string value = word.substr(word.rfind('=') + 1);
    const auto found = facts.find(name);
    const std::string is = found == facts.end() ? "absent" : found->second;
    if (is.substr(0, value.size()) != value) all += name + " is " + is + ", not " + value + "; ";
  }
  return all;
}
