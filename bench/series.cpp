#include "series.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>

namespace {

struct Summary {
  double median, low, high;
};

double at_fraction(const std::vector<double> &sorted, double fraction) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::lround(std::clamp(fraction, 0.0, 1.0) * last))];
}

// The interval holds the true median 95 times in 100, whatever the times are distributed like.
Summary summarize_with_interval(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const double reach = 0.98 / std::sqrt(static_cast<double>(values.size()));
  return {at_fraction(values, 0.5), at_fraction(values, 0.5 - reach),
          at_fraction(values, 0.5 + reach)};
}

Summary summarize_with_spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {at_fraction(values, 0.5), at_fraction(values, 0.1), at_fraction(values, 0.9)};
}

void print_row(const char *kind, const std::string &name, const std::string &base, Summary row) {
  std::printf("%s,%s,%s,%.4f,%.4f,%.4f\n", kind, name.c_str(), base.c_str(), row.median, row.low,
              row.high);
}

}  // namespace

void print_header() { std::printf("kind,name,base,median,low,high\n"); }

void print_time(const Series &series) {
  print_row("time", series.name, "", summarize_with_spread(series.values));
}

void compare(const Series &series, const Series &base) {
  std::vector<double> ratios;
  std::vector<double> differences;
  for (std::size_t round = 0; round < series.values.size(); ++round) {
    ratios.push_back(series.values[round] / base.values[round]);
    differences.push_back(series.values[round] - base.values[round]);
  }
  print_row("ratio", series.name, base.name, summarize_with_interval(std::move(ratios)));
  print_row("added", series.name, base.name, summarize_with_interval(std::move(differences)));
}

void print_counts(const char *kind, const std::string &name, double first, double second,
                  double third) {
  print_row(kind, name, "", {first, second, third});
}
