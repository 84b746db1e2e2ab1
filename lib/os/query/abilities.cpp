#include "os/query/abilities.h"

#include "os/kernel/files.h"
#include "os/kernel/sys.h"
#include "os/query/self_check.h"

namespace ll {

namespace {

constexpr int kWritable = 2;  // W_OK
constexpr int kNoSpace = 28;  // ENOSPC
// CLONE_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC, _NEWPID, _NEWNET
constexpr long kAll = uapi::kCLONE_NEWUSER | 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 |
                      0x20000000 | 0x40000000;

bool is_there(const char *path) { return sys::access(path, uapi::kF_OK) >= 0; }
bool is_docker() { return is_there("/.dockerenv"); }
bool is_kubernetes() { return is_there("/var/run/secrets/kubernetes.io"); }
bool is_filtered() {
  constexpr int kGetSeccomp = 21;  // PR_GET_SECCOMP
  return sys::call(number::prctl, kGetSeccomp, 0, 0, 0, 0) > 0;
}

// Whether a file of /proc/sys is that number.
bool is_set_to(const char *path, char digit) {
  char bytes[2];
  const Text content = read_file(path, bytes, sizeof bytes);
  return content.size == 2 && content[0] == digit && content[1] == '\n';
}

// statx(2), STATX_ATTR_MOUNT_ROOT: where it is not, this is a chroot.
bool is_in_chroot() {
  constexpr uint64_t kMountRoot = 0x2000;
  uapi::Statx stat;
  return sys::stat_at(uapi::kAT_FDCWD, "/", 0, stat) == 0 && (stat.attributes & kMountRoot) == 0;
}

long write_map(const char *path, long outside) {
  FixedString<64> map;
  map << "0 "_t << static_cast<uint64_t>(outside) << " 1"_t;
  return write_file(path, map.text());
}

long mount(const char *type, const char *target, uint64_t flags, const char *options) {
  return sys::call(number::mount, sys::address(type), sys::address(target), sys::address(type),
                   static_cast<long>(flags), sys::address(options));
}

long make_directory(const char *path) {
  return sys::call(number::mkdirat, uapi::kAT_FDCWD, sys::address(path), 0700);
}

long try_namespaces() {
  constexpr uint64_t kPrivate = 1 << 18 | 1 << 14;  // MS_PRIVATE, MS_REC
  const long user = sys::user();
  const long group = sys::call(number::getgid);
  long result = sys::enter_namespaces(kAll);
  if (result >= 0) result = write_file("/proc/self/setgroups", "deny"_t);
  if (result >= 0) result = write_map("/proc/self/gid_map", group);
  if (result >= 0) result = write_map("/proc/self/uid_map", user);
  if (result >= 0) result = mount("", "/", kPrivate, nullptr);
  return result < 0 ? result : 0;
}

// The process that enters a PID namespace is not in it; its child is.
long try_proc() {
  const long entered = try_namespaces();
  if (entered < 0) return entered;
  const long child = sys::fork();
  if (child == 0) sys::exit(static_cast<int>(-mount("proc", "/proc", 0, nullptr)));
  return end_of(child);
}

long try_overlay() {
  const long entered = try_namespaces();
  if (entered < 0) return entered;
  const char *place = is_there("/tmp") ? "/tmp" : "/proc";
  long result = mount("tmpfs", place, 0, nullptr);
  if (result >= 0) result = sys::change_directory(place);
  if (result >= 0) result = make_directory("l");
  if (result >= 0) result = make_directory("u");
  if (result >= 0) result = make_directory("w");
  if (result >= 0) result = mount("overlay", "l", 0, "lowerdir=l,upperdir=u,workdir=w,userxattr");
  return result < 0 ? result : 0;
}

long try_alone() {
  constexpr int kSubreaper = 36;  // PR_SET_CHILD_SUBREAPER
  const long adopts = sys::call(number::prctl, kSubreaper, 1, 0, 0, 0);
  if (adopts < 0) return adopts;
  return is_there("/proc/self/stat") ? 0 : -uapi::kENOENT;
}

long try_tracing() {
  const long result = sys::call(number::ptrace, 0, 0, 0, 0);  // PTRACE_TRACEME
  return result < 0 ? result : 0;
}

// cgroups(7), /proc/PID/cgroup: "0::/PATH"
long try_cgroup() {
  char bytes[1024];
  const long file = sys::open_at(uapi::kAT_FDCWD, "/proc/self/cgroup", uapi::kO_RDONLY);
  if (file < 0) return file;
  const long got = sys::read(static_cast<int>(file), bytes, sizeof bytes);
  sys::close(static_cast<int>(file));
  Text rest = {bytes, got > 0 ? static_cast<size_t>(got) : 0};
  while (!rest.empty() && !starts_with(rest, "0::/"_t)) rest = rest.from(find(rest, '\n') + 1);
  if (rest.empty()) return -uapi::kEOPNOTSUPP;
  FixedString<1280> path;
  path << "/sys/fs/cgroup"_t << rest.first(find(rest, '\n')).from(3) << "/cgroup.procs"_t << '\0';
  const long allowed = sys::access(path.text().data, kWritable);
  return allowed < 0 ? allowed : 0;
}

// In a process of its own.
long attempt(long (*act)()) {
  const long child = sys::fork();
  if (child == 0) sys::exit(static_cast<int>(-act()));
  return end_of(child);
}

const char *proc_advice() {
  if (is_docker())
    return "parts of /proc are masked: docker run --security-opt systempaths=unconfined";
  if (is_kubernetes())
    return "parts of /proc are masked: hostUsers: false, securityContext: {procMount: Unmasked}";
  return "something is mounted in /proc: sandbox.sh --share pid uses the existing /proc";
}

const char *overlay_advice() {
  return "sandbox.sh --no-namespaces --overlay works in a copy; overlayfs needs Linux 5.11";
}

const char *tracing_advice() {
  if (is_docker()) return "docker run --cap-add SYS_PTRACE, or a kernel from 4.8 on";
  if (is_kubernetes()) return "securityContext: {capabilities: {add: [SYS_PTRACE]}}";
  return "sysctl kernel.yama.ptrace_scope=1 as root";
}

const char *cgroup_advice() {
  if (is_docker()) return "limit the container: docker run --memory 1g --pids-limit 256";
  if (is_kubernetes()) return "limit the container: resources: {limits: {memory: 1Gi}}";
  return "systemd-run --user --scope -p Delegate=yes sandbox.sh ...";
}

const char *landlock_advice(const Kernel &kernel) {
  if (kernel.landlock == Landlock::On) return nullptr;
  if (kernel.landlock == Landlock::Off)
    return "boot with lsm=landlock,LIST: LIST is what /sys/kernel/security/lsm holds";
  if (is_filtered()) return "a container's filter may hide it: Docker from 20.10.9 on allows it";
  return "a kernel from 5.13 on, built with CONFIG_SECURITY_LANDLOCK";
}

void print_row(TableWriter &rows, const char *name, long result, const char *good,
               const char *advice) {
  print_finding(rows, name, result, good);
  if (result < 0) rows.format("    %", advice);
}

}  // namespace

const char *namespace_advice(long error) {
  if (error == -kNoSpace && is_set_to("/proc/sys/user/max_user_namespaces", '0'))
    return "disabled on this machine: sysctl user.max_user_namespaces=10000 as root";
  if (error == -kNoSpace) return "limit reached: see sysctl user";
  if (is_filtered() && is_docker())
    return "the container refuses it: docker run --security-opt seccomp=unconfined"
           " --security-opt apparmor=unconfined --security-opt systempaths=unconfined";
  if (is_filtered() && is_kubernetes())
    return "the container refuses it: hostUsers: false, securityContext: {seccompProfile: {type:"
           " Unconfined}, appArmorProfile: {type: Unconfined}, procMount: Unmasked}";
  if (is_filtered()) return "a sandbox or container around this one refuses it";
  if (is_set_to("/proc/sys/kernel/unprivileged_userns_clone", '0'))
    return "restricted to root: sysctl kernel.unprivileged_userns_clone=1 as root";
  if (is_set_to("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1'))
    return "AppArmor requires a profile: as root, load that of ll-ns with"
           " share/ll-exec/apparmor/load.sh, or sysctl "
           "kernel.apparmor_restrict_unprivileged_userns=0";
  if (is_in_chroot()) return "in a chroot the kernel refuses it: use pivot_root";
  return "a security module refuses it, such as Landlock of a sandbox around this one,"
         " or the kernel is built without it";
}

Abilities find_abilities() {
  return {.namespaces = attempt(try_namespaces),
          .proc = attempt(try_proc),
          .overlay = attempt(try_overlay),
          .alone = attempt(try_alone),
          .tracing = attempt(try_tracing),
          .cgroup = attempt(try_cgroup)};
}

void print_abilities(TableWriter &rows, const Abilities &abilities, const Kernel &kernel) {
  const char *landlock = landlock_advice(kernel);
  if (landlock != nullptr) rows.format("for Landlock: %", landlock);
  print_row(rows, "namespaces", abilities.namespaces, "yes, all that sandbox.sh enters",
            namespace_advice(abilities.namespaces));
  if (abilities.namespaces >= 0) {
    print_row(rows, "private /proc", abilities.proc, "yes", proc_advice());
    print_row(rows, "overlayfs", abilities.overlay, "yes, for --overlay", overlay_advice());
  } else {
    rows.format("overlayfs");
    rows.pad_to(24);
    format(rows.line(), "no: needs namespaces; --no-namespaces --overlay works in a copy");
  }
  print_row(rows, "without namespaces", abilities.alone, "yes, by sandbox.sh --no-namespaces",
            "mount /proc");
  print_row(rows, "tracing", abilities.tracing, "yes, for ll-trace and ll-repeat",
            tracing_advice());
  print_row(rows, "cgroup", abilities.cgroup, "yes, for --memory, --pids and --cpus",
            cgroup_advice());
}

void print_abilities_json(JsonWriter &json, const Abilities &abilities, const Kernel &kernel) {
  const char *landlock = landlock_advice(kernel);
  json.format(",\"sandbox\":{\"namespaces\":%,\"proc\":%,\"overlay\":%,",
              truth(abilities.namespaces >= 0), truth(abilities.proc >= 0),
              truth(abilities.overlay >= 0));
  json.format("\"without_namespaces\":%,\"tracing\":%,\"cgroup\":%,\"advice\":{",
              truth(abilities.alone >= 0), truth(abilities.tracing >= 0),
              truth(abilities.cgroup >= 0));
  const auto advise = [&json](const char *name, bool works, const char *advice) {
    if (!works) json.item("\"%\":%", name, Quoted{c_text(advice)});
  };
  advise("landlock", landlock == nullptr, landlock);
  advise("namespaces", abilities.namespaces >= 0, namespace_advice(abilities.namespaces));
  const bool enters = abilities.namespaces >= 0;
  advise("proc", !enters || abilities.proc >= 0, proc_advice());
  advise("overlay", abilities.overlay >= 0, overlay_advice());
  advise("without_namespaces", abilities.alone >= 0, "mount /proc");
  advise("tracing", abilities.tracing >= 0, tracing_advice());
  advise("cgroup", abilities.cgroup >= 0, cgroup_advice());
  json.format("}}");
}

}  // namespace ll
