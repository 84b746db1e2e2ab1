#include "places.h"

#include "calls.h"
#include "hide.h"
#include "os/input/resolve.h"

namespace ll {

namespace {

class Mover {
 public:
  Mover(Policy &policy, const NsRequest &request) : policy_(policy), request_(request) {}

  void move(Rule &rule, Text temporary) {
    if (!is_path(rule.directive) || rule.any) return;
    if (rule.value == "/tmp"_t) {
      rule.value = temporary;
      return;
    }
    if (!has_overlay(request_)) return;
    const Text written = written_path(rule);
    Text moved = in_copy(written);
    if (moved.empty()) {
      check_name(rule);
      moved = written;
    }
    rule.value = moved;
  }

  // The directory that a path is in, as the copy has it; empty: it is in none.
  Text in_copy(Text path) {
    for (size_t i = 0; i < request_.mount_option_count; i++) {
      const MountOption &extra = request_.mount_options[i];
      if (extra.kind != MountOption::Overlay || !is_in(path, extra.source)) continue;
      return join(copy_of(extra), path.from(extra.source == "/"_t ? 0 : extra.source.size));
    }
    return {};
  }

  Text copy_of(const MountOption &extra) {
    FixedString<kMaxPath> path;
    path << extra.layer << '/' << c_text(kCopy);
    return join(path.text(), {});
  }

  // What is granted may be above it.
  void close(Text path, const SourceSpan &where) {
    for (size_t i = 0; i < policy_.rule_count; i++) {
      const Rule &rule = policy_.rules[i];
      const bool grants = is_path(rule.directive) && rule.directive != Directive::Deny &&
                          rule.directive != Directive::Chdir && !rule.any;
      char above[kMaxPath];
      const long size =
          grants ? resolve(policy_.directory, rule.value, above, sizeof above) : -uapi::kENOENT;
      if (size < 0 || !is_beneath(path, {above, static_cast<size_t>(size)})) continue;
      return add(Directive::Deny, path, where);
    }
  }

  // Unless a line says it: one that protects it, for one, must stay the only one.
  void open(Text path, const SourceSpan &where) {
    for (size_t i = 0; i < policy_.rule_count; i++) {
      const Rule &rule = policy_.rules[i];
      if (rule.value == path &&
          (rule.directive == Directive::Protect || rule.directive == Directive::Keep))
        return;
    }
    add(Directive::Rw, path, where);
  }

  // Not inlined: a rule of constants would be initialized data, and relocated.
  [[gnu::noinline]] void add(Directive directive, Text path, const SourceSpan &where) {
    if (policy_.rule_count == kMaxRules) die_at(policy_, where, "more than % rules", kMaxRules);
    Rule &rule = policy_.rules[policy_.rule_count++];
    rule = {};
    rule.directive = directive;
    rule.optional = directive == Directive::Deny;
    rule.where = where;
    rule.value = path;
  }

 private:
  Text join(Text path, Text rest) {
    const size_t start = policy_.arena.used;
    Text joined;
    if (!policy_.arena.push(path) || !policy_.arena.push(rest) ||
        !policy_.arena.finish(start, joined))
      die_at(policy_, kNoLocation, kTooMuchText, kMaxText);
    return joined;
  }

  // Absolute and without dots; links stay, for the launcher to judge.
  Text written_path(const Rule &rule) {
    char path[kMaxPath + 2];
    size_t size = 0;
    const auto enter = [&](Text names) {
      while (!names.empty()) {
        const Text name = names.first(find(names, '/'));
        names = names.from(name.size + 1);
        if (name.empty() || name == "."_t) continue;
        if (name == ".."_t) {
          while (size > 0 && path[--size] != '/') continue;
          continue;
        }
        if (size + 1 + name.size >= kMaxPath)
          die_at(policy_, rule.where, "a path is longer than % bytes", kMaxPath);
        path[size++] = '/';
        for (size_t i = 0; i < name.size; i++) path[size++] = name[i];
      }
    };
    if (rule.value[0] != '/') enter(policy_.directory);
    enter(rule.value);
    if (size == 0) path[size++] = '/';
    return join({path, size}, {});
  }

  // Through a link it would be the directory itself that is written to.
  void check_name(const Rule &rule) {
    char path[kMaxPath];
    const long size = resolve(policy_.directory, rule.value, path, sizeof path);
    if (size < 0) return;
    const Text found = {path, static_cast<size_t>(size)};
    for (size_t i = 0; i < request_.mount_option_count; i++)
      if (is_in(found, request_.mount_options[i].source))
        die_at(policy_, rule.where,
               "% leads into %, of which the command has a copy\nname it by its own path: %",
               rule.value, request_.mount_options[i].source, found);
  }

  Policy &policy_;
  const NsRequest &request_;
};

}  // namespace

void move_places(Policy &policy, NsRequest &request, Text temporary) {
  Mover mover(policy, request);
  const size_t count = policy.rule_count;
  for (size_t i = 0; i < count; i++) mover.move(policy.rules[i], temporary);
  mover.add(Directive::Rw, temporary, kNoLocation);
  for (size_t i = 0; i < request.mount_option_count; i++) {
    const MountOption &extra = request.mount_options[i];
    mover.close(extra.source, extra.where);
    mover.close(extra.layer, extra.where);
  }
  for (size_t i = 0; i < request.mount_option_count; i++) {
    const MountOption &extra = request.mount_options[i];
    const Text copy = mover.copy_of(extra);
    mover.open(copy, extra.where);
    hide_denied(policy, copy, extra.layer);
  }
  // They are rules now.
  request.mount_option_count = 0;
}

Text start_in_copy(Policy &policy, const NsRequest &request) {
  return Mover(policy, request).in_copy(policy.directory);
}

}  // namespace ll
