/* Runs a command by ll_spawn as ll-exec would: spawn [OPTION...] -- COMMAND [ARGUMENT...]. What ll-exec would print
 * of an error goes to standard error. With --explain --json, or --restrict first, see below. */
#include <llexec.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static ll_error error = {.size = sizeof error};

static int fail(void) {
  fputs(error.text, stderr);
  return error.status;
}

static int print_json(const ll_policy *policy, const char *what) {
  char *json = ll_policy_json(policy, what, &error);
  if (json == NULL) return fail();
  fputs(json, stdout);
  ll_free(json);
  return 0;
}

/* "SOURCE LINE COLUMN" of the error, for who compares places. */
static void print_place(void) {
  const char *file = getenv("LL_PLACE");
  FILE *out = file != NULL ? fopen(file, "a") : NULL;
  if (out == NULL) return;
  fprintf(out, "%s %u %u\n", error.source, error.line, error.column);
  fclose(out);
}

static int run(const ll_policy *policy, char **command) {
  struct ll_start how = {.size = sizeof how, .argv = (const char *const *)command};
  struct ll_child child = {.size = sizeof child};
  int status;
  if (ll_spawn(policy, &how, &child, &error) != 0) return print_place(), fail();
  while (waitpid(child.pid, &status, 0) < 0) continue;
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  signal(WTERMSIG(status), SIG_DFL);
  raise(WTERMSIG(status));
  return 128 + WTERMSIG(status);
}

static int restrict_and_run(const ll_policy *policy, char **command) {
  if (ll_restrict_self(policy, LL_ALL_THREADS, &error) != 0) return fail();
  execvp(command[0], command);
  perror(command[0]);
  return 126;
}

int main(int argc, char **argv) {
  const char **options = calloc((size_t)argc + 1, sizeof *options);
  const char *text = getenv("LL_TEXT");
  const char *what = NULL;
  int restricts = 0, count = 0, i = 1;
  ll_policy *policy;
  int status;
  for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strcmp(argv[i], "--restrict") == 0)
      restricts = 1;
    else if (strcmp(argv[i], "--ask") == 0)
      what = argv[++i];
    else
      options[count++] = argv[i];
  }
  policy = ll_policy_new(options, text, text != NULL ? strlen(text) : 0, NULL, &error);
  if (policy == NULL) return print_place(), fail();
  if (what != NULL)
    status = print_json(policy, what);
  else
    status = (restricts ? restrict_and_run : run)(policy, argv + i + 1);
  ll_policy_free(policy);
  free(options);
  return status;
}
