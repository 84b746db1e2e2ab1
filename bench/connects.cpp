// Connections to this machine, and what they take: nanoseconds.
//
//   connects serve FILE               takes all that come and lets go of them; writes its port to
//   FILE connects each PORT COUNT          the median of connect(2) alone connects all PORT COUNT
//   THREADS   socket, connect and close: the time by the clock, for each
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

[[noreturn]] void fail(const char *what) {
  std::perror(what);
  std::exit(2);
}

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

sockaddr_in loopback(uint16_t port) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(port);
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return place;
}

[[noreturn]] void serve(const std::string &file) {
  const int server = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in place = loopback(0);
  socklen_t size = sizeof place;
  if (bind(server, reinterpret_cast<sockaddr *>(&place), size) != 0 || listen(server, 4096) != 0 ||
      getsockname(server, reinterpret_cast<sockaddr *>(&place), &size) != 0)
    fail("connects: listen");
  std::FILE *port = std::fopen((file + ".new").c_str(), "w");
  if (port == nullptr) fail("connects: the file");
  std::fprintf(port, "%d\n", ntohs(place.sin_port));
  std::fclose(port);
  if (std::rename((file + ".new").c_str(), file.c_str()) != 0) fail("connects: the file");
  for (;;) {
    const int link = accept(server, nullptr, nullptr);
    if (link >= 0) close(link);
  }
}

// Nothing of it is left behind: there are not so many ports.
int open_socket() {
  const int link = socket(AF_INET, SOCK_STREAM, 0);
  const linger at_once = {1, 0};
  if (link < 0 || setsockopt(link, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) != 0)
    fail("connects: socket");
  return link;
}

void connect_to(int link, const sockaddr_in &place) {
  if (connect(link, reinterpret_cast<const sockaddr *>(&place), sizeof place) != 0)
    fail("connects: connect");
}

double time_each(const sockaddr_in &place, long count) {
  std::vector<double> times;
  for (long i = 0; i < count; i++) {
    const int link = open_socket();
    const double start = now();
    connect_to(link, place);
    times.push_back(now() - start);
    close(link);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

double time_all(const sockaddr_in &place, long count, long threads) {
  std::vector<std::thread> all;
  const double start = now();
  for (long i = 0; i < threads; i++)
    all.emplace_back([&] {
      for (long k = 0; k < count / threads; k++) {
        const int link = open_socket();
        connect_to(link, place);
        close(link);
      }
    });
  for (std::thread &one : all) one.join();
  return (now() - start) / static_cast<double>(count / threads * threads);
}

}  // namespace

int main(int argc, char **argv) {
  const std::string_view verb = argc > 1 ? argv[1] : "";
  if (verb == "serve" && argc == 3) serve(argv[2]);
  if ((verb != "each" || argc != 4) && (verb != "all" || argc != 5)) {
    std::fprintf(stderr, "usage: connects serve FILE | each PORT COUNT | all PORT COUNT THREADS\n");
    return 2;
  }
  const sockaddr_in place = loopback(static_cast<uint16_t>(std::atoi(argv[2])));
  const long count = std::atol(argv[3]);
  std::printf("%.2f\n", verb == "each" ? time_each(place, count)
                                       : time_all(place, count, std::atol(argv[4])));
}
