// The options of ll-ns that are not directives.
#pragma once

#include "core/policy/command_line.h"
#include "ll-repeat/settings.h"
#include "os/enforce/options.h"

namespace ll {

inline constexpr char kProgramName[] = "ll-ns";
ProgramInfo program_info();

enum class Option : uint8_t {
#define OPTION(id, letter, name, metavar, help) id,
#include "options.def"
};

// clone(2) flags of the namespaces that --share can leave out.
enum Namespace : uint64_t {
  kNewCgroup = 0x02000000,
  kNewUts = 0x04000000,
  kNewIpc = 0x08000000,
  kNewPid = 0x20000000,
  kNewNet = 0x40000000,
};
constexpr uint64_t kAllNamespaces = kNewCgroup | kNewUts | kNewIpc | kNewPid | kNewNet;
inline constexpr char kNamespaceNames[] = "cgroup\0ipc\0net\0pid\0uts\0";
inline constexpr uint64_t kNamespaceFlags[] = {kNewCgroup, kNewIpc, kNewNet, kNewPid, kNewUts};

enum class Network : uint8_t { ByPolicy, None, Host };

// A mount that an option adds to the root.
struct MountOption {
  enum Kind : uint8_t { Bind, RoBind, Tmpfs, Overlay };
  Kind kind = Bind;
  Text source;
  Text target;
  Text layer;         // of an overlay: the directory that holds upper and work
  uint64_t size = 0;  // bytes, of a tmpfs; 0: the kernel's default
  SourceSpan where;
};
constexpr size_t kMaxMountOptions = 128;

struct NsRequest : EnforceOptions {
  bool wrapped = false;  // by sandbox.sh, whose name messages begin with
  bool no_launcher = false;
  bool no_namespaces = false;
  bool proc = false;
  bool dev = false;
  bool host_root = false;
  bool root = false;
  bool init = false;
  bool explain = false;
  bool check = false;
  bool help = false;
  bool version = false;
  Network network = Network::ByPolicy;
  uint64_t shared = 0;  // Namespace bits
  Text launcher;
  int report = 0;  // a descriptor; 0: none
  int record = 0;
  int refused_peers = 0;  // a pipe for ll-net's refusals, to the launcher; 0: none
  SourceSpan report_at;
  SourceSpan record_at;
  Text rootfs;
  Text hostname;
  uint64_t timeout = 0;    // milliseconds; 0: none
  uint64_t memory = 0;     // bytes; 0: no limit
  uint64_t processes = 0;  // 0: no limit
  uint64_t cpus = 0;       // thousandths; 0: no limit
  SourceSpan limits;       // the first option that needs a cgroup
  bool has_cgroup = false;
  uint64_t memory_each = 0;  // bytes of data; 0: no limit
  uint64_t disk = 0;         // bytes; 0: no limit
  SourceSpan pids, cpus_at, memory_each_at, disk_at, layers_at;
  int layers = 0;  // a detached mount; 0: none
  Text layers_place;
  Settings repeats;       // for ll-repeat
  Text clock, seed;       // as given
  SourceSpan repeats_at;  // the first of the two
  size_t mount_option_count = 0;
  MountOption mount_options[kMaxMountOptions];
  size_t command = 0;  // its index in argv; 0: none
};

// The interface that ArgumentReader expects.
ParseResult read_arguments(Policy &policy, NsRequest &request, Arguments &arguments, Word &use,
                           Diagnostic &problem);
bool check_request(const NsRequest &request, Diagnostic &problem);

// With an overlay --best-effort runs nothing without mounts: writes must not reach the directories.
inline bool has_overlay(const NsRequest &request) {
  for (size_t i = 0; i < request.mount_option_count; i++)
    if (request.mount_options[i].kind == MountOption::Overlay) return true;
  return false;
}

inline bool limits_anything(const NsRequest &request) {
  return request.memory != 0 || request.processes != 0 || request.cpus != 0;
}

}  // namespace ll
