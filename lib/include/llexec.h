/* ll-exec's sandbox as a library: llexec(3).
 *
 * A policy is what ll-exec reads: options as on its command line, and texts. The boundary is around
 * what is started or restricted, not around the calling process.
 *
 * All functions may be called by several threads at once, also with the same policy, which is
 * immutable. They leave errno, the directory, variables and signals of the process unchanged.
 */
#ifndef LLEXEC_H
#define LLEXEC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* A policy that was read and compiled: what it names was opened, once. */
typedef struct ll_policy ll_policy;

/* Why a function failed. The caller sets size to sizeof(struct ll_error); no other member is
 * read. */
typedef struct ll_error {
  uint32_t size;
  int32_t status;   /* as of ll-exec: 125, 126: cannot be run, 127: not found */
  uint32_t line;    /* in source, from 1; of an option, its number, from 1; 0: none */
  uint32_t column;  /* bytes, from 1; of an option 0 */
  char source[256]; /* the policy's file or name; "argument" for an option; else "" */
  char text[4096];  /* the message as ll-exec prints it: place, line, caret and advice */
} ll_error;

/* A descriptor of the caller, and its number in the command. */
struct ll_fd {
  int from;
  int to;
};

#define LL_NEW_SESSION 1u /* the command leads a new session: setsid(2) */

/* How a command starts. Members beyond those that a program knows have to be 0. */
struct ll_start {
  uint32_t size;           /* sizeof(struct ll_start) */
  uint32_t flags;          /* LL_NEW_SESSION, or 0 */
  const char *const *argv; /* ends with NULL; a name without a slash is looked for on envp's PATH */
  const char *const *envp; /* ends with NULL; the policy's `env` applies; NULL: the caller's */
  const char *cwd;         /* NULL: the caller's; a `chdir` of the policy takes precedence */
  const struct ll_fd *fds; /* others of 3 or higher are closed, unless `fd` names them */
  size_t fd_count;         /* 256 at most */
};

/* The process that was started: the caller waits for it, and closes pidfd. */
struct ll_child {
  uint32_t size; /* sizeof(struct ll_child) */
  int32_t pid;
  int32_t pidfd; /* close-on-exec */
};

#define LL_THIS_THREAD 1u
#define LL_ALL_THREADS 2u

/* "0.1.0". Never freed. */
const char *ll_version(void);

/* Reads and compiles a policy. Relative paths are relative to the current directory.
 *
 * options: of ll-exec, such as {"-p", "base", "--ro=in", NULL}, or NULL. Not those that only print
 * (--explain and such), nor --ldd, which needs a command. text, text_size: lines of a policy, and
 * their size in bytes, or NULL; read in place of `-p -` if that is given, else after the options.
 * name: of the text, for messages; NULL: "policy text".
 *
 * Returns NULL for an error. The arguments are not kept. */
ll_policy *ll_policy_new(const char *const *options, const char *text, size_t text_size,
                         const char *name, ll_error *error);

/* NULL is allowed. What was started or restricted with the policy stays restricted. */
void ll_policy_free(ll_policy *policy);

/* Describes a policy as JSON with a newline; the caller frees it with ll_free. NULL for an error.
 *
 * what: "explain": as `ll-exec --explain --json`;
 * "warnings": [{"text":...,"source":...,"line":...,"column":...}], those that ll-exec prints before
 * it runs a command;
 * "why RIGHT TARGET": {"granted":true or false,"text":...}, as `ll-exec --why RIGHT TARGET` */
char *ll_policy_json(const ll_policy *policy, const char *what, ll_error *error);

/* Starts a command under a policy. Returns 0, or the status of the error: then nothing was run.
 *
 * Signals that the caller handles, SIGPIPE and SIGXFSZ get their default action; others that it
 * ignores stay ignored; none is blocked. */
int ll_spawn(const ll_policy *policy, const struct ll_start *how, struct ll_child *child,
             ll_error *error);

/* Restricts the calling thread, or all threads, and what they start from now on; this cannot be
 * undone. What is open or mapped stays so. `env`, `chdir` and `fd` apply to commands, and have no
 * effect; `limit` applies to the whole process. Returns 0, or the status of the error: then threads
 * may be partly restricted, none less than before.
 *
 * LL_ALL_THREADS: with more than one thread it needs Landlock ABI 8; below, it is an error. */
int ll_restrict_self(const ll_policy *policy, uint32_t threads, ll_error *error);

/* Frees a string of ll_policy_json. NULL is allowed. */
void ll_free(void *string);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
