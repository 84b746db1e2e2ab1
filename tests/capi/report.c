/* What the command of `attacks faults` may do: 42 nothing that it should not, 77 it reads the file, or has a socket. */
#include <fcntl.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
  int opened = argc > 1 && open(argv[1], O_RDONLY) >= 0;
  int made = socket(AF_INET, SOCK_STREAM, 0) >= 0;
  return opened || made ? 77 : 42;
}
