/* One thread parses what a stranger sent, and can open nothing: parser_thread FILE
 * A file that begins with `open:` plays a parser that the input has taken over.
 *
 * cc parser_thread.c $(pkg-config --cflags --libs llexec) -pthread */
#include <errno.h>
#include <fcntl.h>
#include <llexec.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char input[4096];

static void *parse(void *policy) {
  ll_error error = {.size = sizeof error};
  if (ll_restrict_self(policy, LL_THIS_THREAD, &error) != 0) {
    fputs(error.text, stderr);
    return NULL;
  }
  if (strncmp(input, "open:", 5) == 0) {
    input[strcspn(input, "\n")] = '\0';
    printf("parser: %s\n", open(input + 5, O_RDONLY) >= 0 ? "opened" : strerror(errno));
  } else {
    printf("parser: %zu bytes\n", strlen(input));
  }
  return policy;
}

int main(int argc, char **argv) {
  ll_error error = {.size = sizeof error};
  ll_policy *policy = ll_policy_new(NULL, NULL, 0, NULL, &error); /* grants nothing */
  int file = argc > 1 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
  pthread_t parser;
  void *done;
  if (policy == NULL || file < 0 || read(file, input, sizeof input - 1) < 0) return fputs(error.text, stderr), 1;
  pthread_create(&parser, NULL, parse, policy);
  pthread_join(parser, &done);
  printf("main: %s\n", open(argv[1], O_RDONLY | O_CLOEXEC) >= 0 ? "opens" : strerror(errno));
  ll_policy_free(policy);
  return done == NULL;
}
