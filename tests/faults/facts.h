// The output of report.cpp, and whether it is less restricted than it was.
#pragma once

#include <map>
#include <string>

using Facts = std::map<std::string, std::string>;

// Empty if the report is missing or incomplete.
Facts facts_in(const std::string &report);

// The facts that are weaker than those of an undisturbed run, as "NAME: WAS -> IS"; empty if none.
std::string weaker(const Facts &was, const Facts &is);

// `wanted` is such as "read-secret=no tcp-connect=yes"; what is not so.
std::string unexpected(const Facts &facts, const std::string &wanted);
