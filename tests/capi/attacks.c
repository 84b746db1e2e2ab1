/* What would hurt a program that has libllexec in it: attacks NAME [ARGUMENT...]. Each prints what came of it. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <llexec.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PR_GET_MDWE
#define PR_GET_MDWE 66
#endif

static _Thread_local ll_error error = {.size = sizeof(ll_error)};
extern char **environ;

static ll_policy *made(const char *const *options, const char *text) {
  ll_policy *policy = ll_policy_new(options, text, text ? strlen(text) : 0, "text", &error);
  if (policy == NULL) {
    fprintf(stderr, "%s", error.text);
    exit(99);
  }
  return policy;
}

static const char *const kSystem[] = {"--rx=/usr", "--rx=-/bin", "--rx=-/lib", "--rx=-/lib64", "--ro=-/etc/ld.so.cache",
                                      "--ro=/proc", "--dev=/dev/null", NULL};

/* The exit status; -1 with the error printed where nothing was run. */
static int run_with(const ll_policy *policy, const char *const *argv, const struct ll_fd *fds, size_t count) {
  struct ll_start how = {.size = sizeof how, .argv = argv, .fds = fds, .fd_count = count};
  struct ll_child child = {.size = sizeof child};
  int status;
  if (ll_spawn(policy, &how, &child, &error) != 0) return -1;
  while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) continue;
  close(child.pidfd);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run(const ll_policy *policy, const char *const *argv) { return run_with(policy, argv, NULL, 0); }

static int shell(const ll_policy *policy, const char *script) {
  const char *const argv[] = {"/bin/sh", "-c", script, NULL};
  return run(policy, argv);
}

static int count_descriptors(void) {
  DIR *directory = opendir("/proc/self/fd");
  int count = 0;
  while (readdir(directory) != NULL) count++;
  closedir(directory);
  return count;
}

static long resident(void) { /* pages */
  long size, pages = -1;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%ld %ld", &size, &pages) != 2) exit(99);
  fclose(file);
  return pages;
}

static void tell(const char *what, int value) { printf("%s %d\n", what, value); }

/* Secrets that are open, one of them without close-on-exec, are not the command's; what is passed is. */
static void secrets(void) {
  ll_policy *policy = made(kSystem, NULL);
  int secret = open("/etc/passwd", O_RDONLY);
  int given = open("/etc/passwd", O_RDONLY);
  struct ll_fd fds[] = {{given, 7}, {7, 9}};
  char script[200];
  const char *const argv[] = {"/bin/sh", "-c", script, NULL};
  dup2(secret, 7); /* what stands where another goes is moved away first */
  fcntl(secret, F_SETFD, 0);
  snprintf(script, sizeof script, "for i in /proc/self/fd/*; do printf '%%s ' ${i##*/}; done; read a <&7 && read b <&9 && echo $a $b");
  fflush(stdout);
  tell("status", run_with(policy, argv, fds, 2));
  ll_policy_free(policy);
}

/* What the first policy denies is not denied by the second. */
static void two_policies(const char *folder) {
  char grant[300], deny[300];
  const char *first[] = {"--rx=/usr", "--rx=-/bin", "--rx=-/lib", "--rx=-/lib64", grant, deny, NULL};
  const char *second[] = {"--rx=/usr", "--rx=-/bin", "--rx=-/lib", "--rx=-/lib64", grant, NULL};
  char read[300];
  ll_policy *one, *two;
  snprintf(grant, sizeof grant, "--ro=%s", folder);
  snprintf(deny, sizeof deny, "--deny=%s/secret", folder);
  snprintf(read, sizeof read, "read a <%s/secret", folder);
  one = made(first, NULL);
  two = made(second, NULL);
  fflush(stdout);
  tell("first", shell(one, read) != 0);
  tell("second", shell(two, read));
  ll_policy_free(one);
  tell("second alone", shell(two, read));
  ll_policy_free(two);
}

static atomic_int stop;
static ll_policy *shared;
static atomic_int wrong;

static void *open_secrets(void *unused) {
  (void)unused;
  while (!stop) {
    int fd = open("/etc/passwd", O_RDONLY);
    if (fd >= 0) close(fd);
  }
  return NULL;
}

/* The command has 0, 1 and 2 and what ls itself opens. */
static void *spawn_many(void *rounds) {
  static const char *const argv[] = {"/bin/sh", "-c", "for i in /proc/self/fd/*; do case ${i##*/} in [0-2]|3|10) ;; *) exit 9 ;; esac; done", NULL};
  static const char *const nothing[] = {"/nonexistent", NULL};
  static const char *const quick[] = {"/bin/true", NULL};
  long count = (long)rounds;
  for (long i = 0; i < count; i++) {
    int status = run(shared, i % 16 == 0 ? argv : i % 16 == 1 ? nothing : quick);
    if (status != (i % 16 == 1 ? -1 : 0)) wrong++;
  }
  return NULL;
}

static void threads(long count, long each) {
  pthread_t spawners[64], opener;
  int before;
  long pages;
  shared = made(kSystem, NULL);
  spawn_many((void *)32L);
  for (int round = 0; round < 2; round++) { /* the first fills caches */
    before = count_descriptors();
    pages = resident();
    stop = 0;
    pthread_create(&opener, NULL, open_secrets, NULL);
    for (long i = 0; i < count; i++) pthread_create(&spawners[i], NULL, spawn_many, (void *)(round == 0 ? 4L : each));
    for (long i = 0; i < count; i++) pthread_join(spawners[i], NULL);
    stop = 1;
    pthread_join(opener, NULL);
  }
  tell("wrong", wrong);
  tell("descriptors", count_descriptors() - before);
  tell("grown", resident() - pages > 256); /* 1 MB */
  errno = 0;
  tell("zombies", waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD);
  ll_policy_free(shared);
}

static volatile long written;
static void on_alarm(int signal) { written += signal; }

static void storm(void) {
  struct sigaction action = {.sa_handler = on_alarm};
  struct itimerval every = {{0, 200}, {0, 200}};
  ll_policy *policy = made(kSystem, NULL);
  int failed = 0;
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &every, NULL);
  for (int i = 0; i < 300; i++) failed += run(policy, (const char *const[]){"/bin/true", NULL}) != 0;
  memset(&every, 0, sizeof every);
  setitimer(ITIMER_REAL, &every, NULL);
  tell("failed", failed);
  tell("alarms", written > 0);
  ll_policy_free(policy);
}

static void exhausted(void) {
  ll_policy *policy = made(kSystem, NULL);
  struct rlimit limit, low;
  int before = count_descriptors();
  getrlimit(RLIMIT_NOFILE, &limit);
  low = limit;
  low.rlim_cur = 4;
  setrlimit(RLIMIT_NOFILE, &low);
  tell("spawn without descriptors", run(policy, (const char *const[]){"/bin/echo", "ran", NULL}));
  printf("%s", strstr(error.text, "EMFILE") ? "EMFILE\n" : error.text);
  for (rlim_t i = 3; i < 9; i++) {
    low.rlim_cur = i;
    setrlimit(RLIMIT_NOFILE, &low);
    ll_policy *other = ll_policy_new(kSystem, NULL, 0, NULL, &error);
    if (other != NULL) printf("made with %d\n", (int)i), ll_policy_free(other);
    else if (strstr(error.text, "EMFILE") == NULL) printf("%s", error.text);
  }
  setrlimit(RLIMIT_NOFILE, &limit);
  tell("left open", count_descriptors() - before);
  getrlimit(RLIMIT_AS, &limit);
  low = limit;
  low.rlim_cur = 1 << 20;
  setrlimit(RLIMIT_AS, &low);
  tell("spawn without memory", run(policy, (const char *const[]){"/bin/echo", "ran", NULL}));
  setrlimit(RLIMIT_AS, &limit);
  printf("%s", strstr(error.text, "ENOMEM") ? "ENOMEM\n" : error.text);
  tell("again", run(policy, (const char *const[]){"/bin/true", NULL}));
  ll_policy_free(policy);
}

/* As an ordinary user. */
static void no_processes(void) {
  ll_policy *policy = made(kSystem, NULL);
  struct rlimit limit = {0, 0};
  setrlimit(RLIMIT_NPROC, &limit);
  tell("spawn without processes", run(policy, (const char *const[]){"/bin/echo", "ran", NULL}));
  printf("%s", strstr(error.text, "EAGAIN") ? "EAGAIN\n" : error.text);
  ll_policy_free(policy);
}

static void closed(void) {
  int out = fcntl(1, F_DUPFD_CLOEXEC, 20);
  struct ll_fd fds[] = {{out, 3}};
  ll_policy *policy;
  int status;
  close(0), close(1), close(2);
  policy = made(kSystem, NULL);
  status = run_with(policy, (const char *const[]){"/bin/sh", "-c", "for i in /proc/self/fd/[012]; do readlink $i; done >&3", NULL}, fds, 1);
  dup2(out, 1);
  tell("status", status);
  tell("0 is still closed", fcntl(0, F_GETFD) < 0);
  ll_policy_free(policy);
}

static void layers(void) {
  ll_policy *policy = made(kSystem, NULL);
  int count = 0;
  while (ll_restrict_self(policy, LL_THIS_THREAD, &error) == 0 && count < 20) count++;
  tell("layers", count);
  printf("%s", error.text);
  ll_policy_free(policy);
}

static void *fork_on(void *unused) {
  (void)unused;
  while (!stop) {
    pid_t pid = fork();
    if (pid == 0) { /* also in the child the library works */
      ll_policy *policy = ll_policy_new(kSystem, NULL, 0, NULL, &error);
      _exit(policy == NULL || run(policy, (const char *const[]){"/bin/true", NULL}) != 0);
    }
    int status = 0;
    if (pid > 0 && waitpid(pid, &status, 0) == pid && status != 0) wrong++;
  }
  return NULL;
}

static void forks(void) {
  pthread_t forker;
  pthread_create(&forker, NULL, fork_on, NULL);
  for (int i = 0; i < 100; i++) {
    ll_policy *policy = made(kSystem, NULL);
    if (run(policy, (const char *const[]){"/bin/true", NULL}) != 0) wrong++;
    ll_policy_free(policy);
  }
  stop = 1;
  pthread_join(forker, NULL);
  tell("wrong", wrong);
}

static void odd_input(void) {
  static const char nul[] = "ro /usr\0deny /\n";
  size_t size = 100000;
  char *option = malloc(size + 1);
  ll_policy *policy = ll_policy_new(NULL, nul, sizeof nul - 1, "nul", &error);
  printf("%d %s:%u:%u\n", policy != NULL, error.source, error.line, error.column);
  memset(option, 'a', size);
  memcpy(option, "--ro=/", 6);
  option[size] = '\0';
  policy = ll_policy_new((const char *const[]){option, NULL}, NULL, 0, NULL, &error);
  printf("%d %s:%u:%u\n", policy != NULL, error.source, error.line, error.column);
  for (const char **asks = (const char *[]){"--explain", "--help", "--check", "--ldd", "--status-fd=9", "-", "word", "-p-", NULL}; *asks; asks++) {
    policy = ll_policy_new((const char *const[]){*asks, NULL}, NULL, 0, NULL, &error);
    printf("%d %s\n", policy != NULL, *asks);
  }
  policy = ll_policy_new(NULL, NULL, 0, NULL, NULL);
  tell("nothing granted, nothing run", run(policy, (const char *const[]){"/bin/echo", "ran", NULL}));
  tell("no command", run(policy, (const char *const[]){NULL}));
  tell("an empty name", run(policy, (const char *const[]){"", NULL}));
  ll_policy_free(policy);
  ll_policy_free(NULL);
  ll_free(NULL);
  struct ll_start how = {.size = sizeof how, .flags = 128, .argv = (const char *const[]){"/bin/echo", NULL}};
  struct ll_child child = {.size = sizeof child};
  policy = made(kSystem, NULL);
  tell("an unknown flag", ll_spawn(policy, &how, &child, &error));
  how.flags = 0;
  how.size = 3;
  tell("an unknown size", ll_spawn(policy, &how, &child, &error));
  ll_policy_free(policy);
  free(option);
}

/* What is put in the place of a granted directory after the policy was made is not granted. */
static void replaced(const char *folder) {
  char option[300], other[300], script[300];
  const char *options[] = {"--rx=/usr", "--rx=-/bin", "--rx=-/lib", "--rx=-/lib64", option, NULL};
  ll_policy *policy;
  snprintf(option, sizeof option, "--ro=%s/in", folder);
  snprintf(script, sizeof script, "read a <%s/in/file && echo $a", folder);
  policy = made(options, NULL);
  fflush(stdout);
  tell("before", shell(policy, script));
  snprintf(other, sizeof other, "%s/old", folder);
  rename(option + 5, other);
  snprintf(other, sizeof other, "%s/secret", folder);
  symlink(other, option + 5);
  fflush(stdout);
  tell("after", shell(policy, script) != 0);
  ll_policy_free(policy);
}

/* A socket that the policy opens nothing like is refused to be connected elsewhere, or stops the start. */
static void sockets(void) {
  ll_policy *policy = made(kSystem, NULL);
  int given = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct ll_fd fds[] = {{given, 0}};
  ll_policy *udp = made((const char *const[]){"--rx=/usr", "--rx=-/bin", "--rx=-/lib", "--rx=-/lib64", "--connect=53/tcp", NULL}, NULL);
  int with = run_with(policy, (const char *const[]){"/bin/true", NULL}, fds, 1);
  tell("a socket that reaches nobody", with);
  with = run_with(udp, (const char *const[]){"/bin/true", NULL}, fds, 1);
  printf("%s\n", with == 0 ? "held" : strstr(error.text, "descriptor 0 is a socket (UDP)") ? "refused" : error.text);
  ll_policy_free(policy);
  ll_policy_free(udp);
}

static void *restrict_one(void *policy) {
  int *status = malloc(sizeof *status);
  *status = ll_restrict_self(policy, LL_THIS_THREAD, &error);
  if (*status == 0) *status = open("/etc/passwd", O_RDONLY) >= 0 ? 1 : errno == EACCES ? 0 : 2;
  return status;
}

static void this_thread(void) {
  ll_policy *policy = made(kSystem, NULL);
  pthread_t thread;
  void *status;
  pthread_create(&thread, NULL, restrict_one, policy);
  pthread_join(thread, &status);
  tell("the thread", *(int *)status);
  tell("the others", open("/etc/passwd", O_RDONLY) < 0);
  ll_policy_free(policy);
}

static void *try_when_told(void *unused) {
  (void)unused;
  while (!stop) usleep(1000);
  return (void *)(long)(open("/etc/passwd", O_RDONLY) >= 0);
}

/* Below ABI 8 an error, and nothing is restricted. */
static void all_threads(void) {
  ll_policy *policy = made(kSystem, NULL);
  pthread_t other;
  void *opened;
  int status;
  pthread_create(&other, NULL, try_when_told, NULL);
  status = ll_restrict_self(policy, LL_ALL_THREADS, &error);
  stop = 1;
  pthread_join(other, &opened);
  tell("status", status);
  tell("this one reads", open("/etc/passwd", O_RDONLY) >= 0);
  tell("the other reads", (int)(long)opened);
  if (status != 0) printf("%s", error.text);
  status = ll_restrict_self(policy, LL_ALL_THREADS, &error);
  tell("alone", status);
  if (status != 0) fputs(error.text, stderr);
  ll_policy_free(policy);
}

static void *json_on(void *wanted) {
  for (int i = 0; i < 50; i++) {
    char *json = ll_policy_json(shared, "explain", &error);
    if (json == NULL || strcmp(json, wanted) != 0) wrong++;
    ll_free(json);
  }
  return NULL;
}

static void json_in_threads(void) {
  pthread_t threads[8];
  char *wanted;
  shared = made(kSystem, NULL);
  wanted = ll_policy_json(shared, "explain", &error);
  for (int i = 0; i < 8; i++) pthread_create(&threads[i], NULL, json_on, wanted);
  for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
  tell("wrong", wrong);
  tell("an unknown question", ll_policy_json(shared, "what", &error) != NULL);
  ll_free(wanted);
  ll_policy_free(shared);
}

/* SIGPIPE ignored and a handler in the caller, and a blocked signal. */
static void dispositions(void) {
  ll_policy *policy = made(kSystem, NULL);
  sigset_t set;
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGUSR1, on_alarm);
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, NULL);
  fflush(stdout);
  tell("status", run(policy, (const char *const[]){"/bin/grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status", NULL}));
  sigprocmask(SIG_BLOCK, NULL, &set);
  tell("still blocked", sigismember(&set, SIGTERM));
  ll_policy_free(policy);
}

static void let_fail(int number, int error_number) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error_number),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) _exit(98);
}

/* 0: an error, and nothing has run. 1: it has run, restricted. 2: it has run, and was not. 3: it ended otherwise. */
static int outcome(const ll_policy *policy, const char *report, const char *secret, int number, int error_number) {
  const char *const argv[] = {report, secret, NULL};
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  struct ll_fd fds[] = {{null, 5}};
  struct ll_start how = {.size = sizeof how, .flags = LL_NEW_SESSION, .argv = argv, .cwd = "/", .fds = fds, .fd_count = 1};
  struct ll_child child = {.size = sizeof child};
  int status = 0;
  let_fail(number, error_number);
  if (ll_spawn(policy, &how, &child, &error) != 0) return error.status < 125 || error.text[0] == '\0' ? 3 : 0;
  if (number == SYS_wait4) return 1; /* it cannot be told here */
  while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 42) return 1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 77 ? 2 : 3;
}

/* Each system call that ll_spawn makes fails, with each of these. */
static void faults(const char *report, const char *secret) {
  static const int numbers[] = {SYS_mmap, SYS_mprotect, SYS_munmap, SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_clone, SYS_setsid,
                                SYS_fcntl, SYS_dup3, SYS_chdir, SYS_fchdir, SYS_openat, SYS_close, SYS_close_range, SYS_getsockopt,
                                SYS_prctl, SYS_capget, SYS_capset, SYS_prlimit64, SYS_landlock_restrict_self, SYS_seccomp, SYS_execve,
                                SYS_wait4, SYS_exit_group, SYS_statx, SYS_faccessat, SYS_readlinkat};
  static const int errors[] = {EPERM, ENOMEM, EINVAL, EAGAIN, EBADF, EMFILE, EACCES, E2BIG, ENOENT, ENOSYS};
  char rx[300];
  const char *options[] = {rx, "--chdir=/usr", "--limit=core=0", NULL};
  ll_policy *policy;
  int counts[4] = {0};
  snprintf(rx, sizeof rx, "--rx=%s", report);
  policy = made(options, NULL);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    for (size_t j = 0; j < sizeof errors / sizeof *errors; j++) {
      int status = 0, out = 3;
      pid_t pid = fork();
      if (pid == 0) syscall(SYS_exit, outcome(policy, report, secret, numbers[i], errors[j]));
      while (waitpid(pid, &status, 0) < 0) continue;
      if (WIFEXITED(status)) out = WEXITSTATUS(status);
      counts[out < 4 ? out : 3]++;
      if (out == 2) printf("call %d fails with %d: it has run, and was not restricted\n", numbers[i], errors[j]);
      if (getenv("LL_ALL")) printf("call %d error %d: %d\n", numbers[i], errors[j], out);
    }
  tell("not run", counts[0] > 100);
  tell("restricted", counts[1] > 0);
  tell("not restricted", counts[2]);
  ll_policy_free(policy);
}

/* What the policy says of memory is the command's, and not the caller's, whose memory the child has until execve. */
static void modes(const char *probe) {
  char rx[300];
  const char *const options[] = {rx, "--memory-deny-write-execute=on", "--aslr=off", NULL};
  const char *const huge[] = {rx, "--hugepages=off", NULL};
  const char *const maps[] = {probe, "map", "4096", "7", "0x22", NULL};
  ll_policy *policy;
  snprintf(rx, sizeof rx, "--rx=%s", probe);
  tell("without", run(made((const char *const[]){rx, NULL}, NULL), maps));
  policy = made(options, NULL);
  tell("with", run(policy, maps));
  ll_policy_free(policy);
  policy = made(huge, NULL);
  tell("huge", run(policy, maps));
  printf("%s", strstr(error.text, "the library cannot apply 'hugepages off'") ? "told\n" : error.text);
  tell("caller's", (prctl(PR_GET_MDWE, 0, 0, 0, 0) > 0) | prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) << 1 | (int)syscall(SYS_personality, ~0U));
}

static void *start_beneath(void *policy) {
  long wrong = 0;
  for (int i = 0; i < 20; i++) wrong += shell(policy, "exit 3") != 3;
  return (void *)wrong;
}

/* Beneath ll-net: nothing is left of many at once, and a descriptor is the command's alone. */
static void hosts(void) {
  const char *const options[] = {"--rx=/usr", "--rx=-/bin", "--rx=-/lib", "--rx=-/lib64", "--ro=-/etc/ld.so.cache",
                                 "--connect=127.0.0.1:9", NULL};
  const char *const argv[] = {"/bin/sh", "-c", "exec 5>&-; exec sleep 1000", NULL};
  const char *const missing[] = {"/nowhere/to/be/found", NULL};
  ll_policy *policy = made(options, NULL);
  struct ll_child child = {.size = sizeof child};
  int before = count_descriptors(), ends[2], status = 0;
  pthread_t threads[16];
  long wrong = 0;
  char byte;
  for (int i = 0; i < 16; i++) pthread_create(&threads[i], NULL, start_beneath, policy);
  for (int i = 0; i < 16; i++) {
    void *result;
    pthread_join(threads[i], &result);
    wrong += (long)result;
  }
  tell("wrong", (int)wrong);
  tell("missing", run(policy, missing) == -1 && error.status == 127);
  tell("descriptors", count_descriptors() - before);
  if (pipe2(ends, O_CLOEXEC) != 0) exit(99);
  struct ll_fd fds[] = {{ends[1], 5}};
  struct ll_start how = {.size = sizeof how, .argv = argv, .fds = fds, .fd_count = 1};
  tell("start", ll_spawn(policy, &how, &child, &error));
  close(ends[1]);
  tell("at the end", (int)read(ends[0], &byte, 1));
  kill(child.pid, SIGTERM);
  while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) continue;
  tell("ended by", WTERMSIG(status));
  tell("zombies", waitpid(-1, &status, WNOHANG) >= 0);
  ll_policy_free(policy);
}

int main(int argc, char **argv) {
  const char *name = argc > 1 ? argv[1] : "";
#define CASE(which, call) if (strcmp(name, #which) == 0) return call, fflush(stdout), 0
  CASE(faults, faults(argv[2], argv[3]));
  CASE(secrets, secrets());
  CASE(two_policies, two_policies(argv[2]));
  CASE(threads, threads(atol(argv[2]), atol(argv[3])));
  CASE(storm, storm());
  CASE(exhausted, exhausted());
  CASE(no_processes, no_processes());
  CASE(closed, closed());
  CASE(layers, layers());
  CASE(forks, forks());
  CASE(odd_input, odd_input());
  CASE(replaced, replaced(argv[2]));
  CASE(sockets, sockets());
  CASE(this_thread, this_thread());
  CASE(all_threads, all_threads());
  CASE(json_in_threads, json_in_threads());
  CASE(hosts, hosts());
  CASE(modes, modes(argv[2]));
  CASE(dispositions, dispositions());
  fprintf(stderr, "attacks: no such case: %s\n", name);
  return 2;
}
