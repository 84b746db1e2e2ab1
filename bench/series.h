// What startup and filter share: one number a round, compared within the round, printed as CSV.
#pragma once

#include <string>
#include <vector>

struct Series {
  std::string name;
  std::vector<double> values;  // one for each round
};

// kind,name,base,median,low,high
void print_header();
// time,NAME,,MEDIAN,P10,P90
void print_time(const Series &series);
// ratio,NAME,BASE,MEDIAN,LOW,HIGH and added,…: with the 95 % interval of the median.
void compare(const Series &series, const Series &base);
// Any other row, whose three numbers are what the caller says.
void print_counts(const char *kind, const std::string &name, double first, double second,
                  double third);
