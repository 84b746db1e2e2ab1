// Shared by the unit tests: policies from text and from options, and the output of core.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/explain.h"
#include "core/help.h"
#include "request.h"

// The text passed to host_write since the last call.
std::string take_written();

inline std::string str(ll::Text text) { return {text.data, text.size}; }

// A policy, and the error in it. Owns all that the policy points to.
struct Parsed {
  std::unique_ptr<ll::Policy> policy = std::make_unique<ll::Policy>();
  ll::ExecRequest request;
  std::unique_ptr<ll::Diagnostic> problem = std::make_unique<ll::Diagnostic>();
  bool valid = false;
  std::string text;
  std::vector<std::string> words;
  std::vector<char *> arguments;
  std::vector<std::string> variables;
  std::vector<char *> environment;
  std::vector<std::string> uses;  // the policies that it would read

  // The first line of the message, the line with its caret, and the advice.
  [[nodiscard]] std::string message() const {
    ll::FixedString<8192> line;
    ll::print_diagnostic(line, *policy, *problem);
    return str(line.text());
  }
  [[nodiscard]] const ll::Rule &rule(size_t i) const { return policy->rules[i]; }
  // The values of all rules, separated by '|'.
  [[nodiscard]] std::string values() const {
    std::string all;
    for (size_t i = 0; i < policy->rule_count; i++)
      all += (i > 0 ? "|" : "") + str(policy->rules[i].value);
    return all;
  }
};

Parsed parse_text(const std::string &text, const std::vector<std::string> &variables = {},
                  const char *directory = "/where", const char *folder = "");
Parsed parse_arguments(const std::vector<std::string> &words);
