// --check: what `connect HOST:PORT` needs of this machine.
#include "calls.h"
#include "core/seccomp/filter.h"
#include "os/kernel/process.h"
#include "os/query/abilities.h"
#include "os/query/self_check.h"

namespace ll {

namespace {

constexpr uint16_t kReturn = 6;                // BPF_RET | BPF_K
constexpr uint32_t kReturnAllow = 0x7fff0000;  // SECCOMP_RET_ALLOW

// 0, or minus the errno that stopped it.
struct Findings {
  long landlock, listener, memory, descriptors, networks;
};

long try_listener() {
  const Instruction allow = {.code = kReturn, .jump_true = 0, .jump_false = 0, .k = kReturnAllow};
  const uapi::SockFprog program = {.length = 1, .code = &allow};
  const long forbidden = sys::set_no_new_privileges();
  const long listener =
      forbidden < 0 ? forbidden : sys::set_filter(uapi::kNewListenerFlags, program);
  return listener < 0 ? listener : 0;
}

long try_networks() { return sys::enter_namespaces(uapi::kCLONE_NEWUSER | uapi::kCLONE_NEWNET); }

long wait_for_end(long child) {
  int status = 0;
  long waited = -uapi::kEINTR;
  while (waited == -uapi::kEINTR) waited = sys::wait_for(static_cast<int>(child), status);
  if (waited < 0) return waited;
  return (status & 0x7f) == 0 ? -(status >> 8 & 0xff) : -uapi::kEINTR;
}

// In a process of its own.
long attempt(long (*act)()) {
  const long child = sys::fork();
  if (child == 0) sys::exit(static_cast<int>(-act()));
  return child < 0 ? child : wait_for_end(child);
}

void look_into(long child, Findings &findings) {
  char byte;
  // Nothing is at 0: that it says so is what is asked.
  const long got = sys::read_memory(child, 0, &byte, 1);
  findings.memory = got == -uapi::kEFAULT ? 0 : got;
  const long process = sys::open_process(child);
  const long taken = process < 0 ? process : sys::take_descriptor(static_cast<int>(process), 0);
  findings.descriptors = taken < 0 ? taken : 0;
  if (taken >= 0) sys::close(static_cast<int>(taken));
  if (process >= 0) sys::close(static_cast<int>(process));
}

// A child that waits until this process lets go of the pipe.
void look_into_child(Findings &findings) {
  int ends[2];
  const long made = sys::make_pipe(ends);
  const long child = made < 0 ? made : sys::fork();
  if (child == 0) {
    char byte;
    sys::close(ends[1]);
    sys::exit(sys::read(ends[0], &byte, 1) < 0 ? 1 : 0);
  }
  findings.memory = findings.descriptors = child < 0 ? child : 0;
  if (child > 0) look_into(child, findings);
  if (made >= 0) sys::close(ends[0]);
  if (made >= 0) sys::close(ends[1]);
  if (child > 0) wait_for_end(child);
}

Findings find(const Kernel &kernel) {
  Findings findings = {};
  const uint64_t connects = kernel.rights[index_of(Field::Net)] & mask_of(RightId::connect_tcp);
  findings.landlock = connects != 0 ? 0 : -uapi::kEOPNOTSUPP;
  findings.listener = attempt(try_listener);
  findings.networks = attempt(try_networks);
  look_into_child(findings);
  return findings;
}

long first_failure(const Findings &findings) {
  if (findings.landlock < 0) return findings.landlock;
  return findings.listener < 0 ? findings.listener : findings.memory;
}

}  // namespace

void check_by_ll_net(const Policy &) {}

namespace {

void print_connections(TableWriter &rows, const Kernel &kernel) {
  const Findings findings = find(kernel);
  const long failure = first_failure(findings);
  print_finding(rows, "connect HOST:PORT", failure, "yes");
  if (findings.landlock < 0) format(rows.line(), "; needs Landlock ABI 4, Linux 6.7");
  if (findings.landlock == 0 && findings.listener == -uapi::kEBUSY)
    format(rows.line(), "; another supervisor's listener is above this process");
  if (failure < 0) return;
  if (findings.memory == 0 && findings.descriptors < 0)
    format(rows.line(), ", with sockets that ll-net makes: it cannot access the command's own: %",
           Error{findings.descriptors});
  print_finding(rows, "connect HOST:PORT/udp", findings.networks, "yes");
  if (findings.networks < 0)
    format(rows.line(), "; needs user namespaces, as do resolvers of dig, c-ares and musl");
}

}  // namespace

void print_hosts(TableWriter &rows, const Kernel &kernel) {
  print_connections(rows, kernel);
  print_abilities(rows, find_abilities(), kernel);
}

void print_hosts_json(JsonWriter &json, const Kernel &kernel) {
  const Findings findings = find(kernel);
  const bool works = first_failure(findings) == 0;
  json.format(",\"hosts\":{\"connect\":%,\"udp\":%,\"landlock\":%,\"listener\":%,", truth(works),
              truth(works && findings.networks == 0), truth(findings.landlock == 0),
              truth(findings.listener == 0));
  json.format("\"memory\":%,\"descriptors\":%}", truth(findings.memory == 0),
              truth(findings.descriptors == 0));
  print_abilities_json(json, find_abilities(), kernel);
}

}  // namespace ll
