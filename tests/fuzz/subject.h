// Shared by the fuzz targets of ll-exec: a policy to parse into, its invariants, and a
// printer.
#pragma once

#include <string>

#include "core/explain.h"
#include "request.h"
#include "require.h"

// As in ll-exec, but reused each time.
struct Subject {
  ll::Policy policy;
  ll::ExecRequest request;
  ll::Diagnostic *problem;
};
Subject &fresh_subject();

// Whether all of it parses. A `use` is not followed.
bool parse_text(Subject &subject, const std::string &text);

// A policy of the same rules.
std::string print_rules(const ll::Policy &policy);

// An error has a message in one piece and a place in what was read.
void check_problem(const Subject &subject);
// Printed and parsed again, it has the same rules.
void check_round_trip(Subject &subject);
// It can be planned for any kernel, compiled and explained.
void check_plans(const Subject &subject, unsigned choice);
