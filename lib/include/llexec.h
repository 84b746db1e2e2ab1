/* The sandbox of ll-exec for programs: llexec(3).
 *
 * A policy is what ll-exec reads: options as on its command line, and texts. Nothing here is a
 * boundary against the calling process; what it starts, or restricts itself to, is held.
 *
 * All functions may be called by several threads at once, also with one policy, which nothing
 * changes once it is made. They leave errno, the directory, variables and signals of the process as
 * they are.
 */
#ifndef LLEXEC_H
#define LLEXEC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* Of a policy that is read and compiled: what it names was opened, once. */
typedef struct ll_policy ll_policy;

/* Why a function failed. The caller sets size to sizeof(struct ll_error); nothing else of it is
 * read. */
typedef struct ll_error {
  uint32_t size;
  int32_t status;   /* as of ll-exec: 125, 126 the command cannot be run, 127 it is not found */
  uint32_t line;    /* in source, from 1; of an option, its number, from 1; 0: there is no place */
  uint32_t column;  /* bytes, from 1; of an option 0 */
  char source[256]; /* the policy's file or name; "argument" for an option; else "" */
  char text[4096];  /* the message as ll-exec prints it: place, line, caret and what to do */
} ll_error;

/* A descriptor of the caller's, and its number in the command. */
struct ll_fd {
  int from;
  int to;
};

#define LL_NEW_SESSION 1u /* the command leads a session of its own: setsid(2) */

/* How a command starts. What is 0 behind what a program knows is as if it were not there. */
struct ll_start {
  uint32_t size;           /* sizeof(struct ll_start) */
  uint32_t flags;          /* LL_NEW_SESSION, or 0 */
  const char *const *argv; /* ends with NULL; a name without slash is looked for on envp's PATH */
  const char *const *envp; /* ends with NULL; the policy's `env` is heeded; NULL: as the caller's */
  const char *cwd;         /* NULL: the caller's; a `chdir` of the policy goes before */
  const struct ll_fd *fds; /* those from 3 up that are not named here or by `fd` are closed */
  size_t fd_count;         /* 256 at most */
};

/* What was started: the caller waits for it, and closes pidfd. */
struct ll_child {
  uint32_t size; /* sizeof(struct ll_child) */
  int32_t pid;
  int32_t pidfd; /* closed at exec */
};

#define LL_THIS_THREAD 1u
#define LL_ALL_THREADS 2u

/* "0.1.0". Never freed. */
const char *ll_version(void);

/* Reads and compiles a policy. Relative paths start from the current directory.
 *
 * options: of ll-exec, such as {"-p", "base", "--ro=in", NULL}, or NULL. Not those that only ask
 * (--explain and such), nor --ldd, which belongs to a command. text, text_size: lines of a policy,
 * in bytes, or NULL: what `-p -` stands for; without that they are read behind the options. name:
 * of the text, for messages; NULL: "policy text".
 *
 * NULL for an error. Of the arguments nothing is kept. */
ll_policy *ll_policy_new(const char *const *options, const char *text, size_t text_size,
                         const char *name, ll_error *error);

/* NULL is allowed. What was started with the policy, or restricted itself, stays restricted. */
void ll_policy_free(ll_policy *policy);

/* Of a policy, as JSON with a newline; the caller frees it by ll_free. NULL for an error.
 *
 * what: "explain": as `ll-exec --explain --json`
 *   "warnings": [{"text":...,"source":...,"line":...,"column":...}], which ll-exec prints before it
 * runs a command "why RIGHT TARGET": {"granted":true or false,"text":...} as `ll-exec --why RIGHT
 * TARGET` */
char *ll_policy_json(const ll_policy *policy, const char *what, ll_error *error);

/* Starts a command under a policy. 0, or the status of the error: then nothing has run.
 *
 * Signals that the caller handles, SIGPIPE and SIGXFSZ are at their default, others that it ignores
 * are ignored; none is blocked. */
int ll_spawn(const ll_policy *policy, const struct ll_start *how, struct ll_child *child,
             ll_error *error);

/* Restricts the calling thread, or all threads, and what they start from now on: there is no way
 * back. What is open or mapped stays so. `env`, `chdir` and `fd` are about a command, and without
 * effect; `limit` is of the whole process. 0, or the status of the error: then threads may be
 * restricted in part, none of them less than before.
 *
 * LL_ALL_THREADS: with more than one thread it needs Landlock ABI 8; below, it is an error. */
int ll_restrict_self(const ll_policy *policy, uint32_t threads, ll_error *error);

/* Of ll_policy_json. NULL is allowed. */
void ll_free(void *string);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
