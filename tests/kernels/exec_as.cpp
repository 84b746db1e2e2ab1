// exec_as USER COMMAND [ARGUMENT...]: run a command as that user number, without any privilege.
// For a guest whose setpriv(1) is busybox's, which cannot.
#include <grp.h>
#include <unistd.h>
#include <cstdio>
#include <cstdlib>

int main(int argc, char **argv) {
  if (argc < 3) return fputs("usage: exec_as USER COMMAND [ARGUMENT...]\n", stderr), 125;
  const auto user = static_cast<uid_t>(atoi(argv[1]));
  if (setgroups(0, nullptr) != 0 || setresgid(user, user, user) != 0 ||
      setresuid(user, user, user) != 0) {
    perror("exec_as");
    return 125;
  }
  execv(argv[2], argv + 2);
  perror(argv[2]);
  return 127;
}
