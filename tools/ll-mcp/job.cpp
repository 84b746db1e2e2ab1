#include "job.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

#include "cgroup.h"
#include "supervise.h"

namespace ll::mcp {

namespace {

constexpr uint64_t kProgressEvery = 1000;  // milliseconds
constexpr size_t kMaxReport = size_t{1} << 20;

// Above those that a command is given: none of these numbers is overwritten on the way.
Descriptor moved_up(int number) {
  Descriptor old(number);
  return Descriptor(fcntl(number, F_DUPFD_CLOEXEC, kPage + 1));
}

bool make_pipe(Descriptor &reading, Descriptor &writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return false;
  reading = moved_up(ends[0]);
  writing = moved_up(ends[1]);
  return reading.is_open() && writing.is_open();
}

bool set_waitless(const Descriptor &descriptor) {
  return fcntl(descriptor.number(), F_SETFL, O_NONBLOCK) >= 0;
}

// What there is now. False at the end.
template <typename Take>
bool read_all(const Descriptor &from, const Take &take) {
  std::array<char, 65536> bytes;
  // Not for ever: others are to be served too.
  for (int i = 0; i < 16; i++) {
    const ssize_t size = read(from.number(), bytes.data(), bytes.size());
    if (size > 0) take(std::string_view(bytes.data(), static_cast<size_t>(size)));
    if (size == 0) return false;
    if (size < 0) return errno == EAGAIN || errno == EINTR;
  }
  return true;
}

}  // namespace

uint64_t now() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1000 + static_cast<uint64_t>(time.tv_nsec) / 1000000;
}

Job::Job(ToolCall asked) : call_(std::move(asked)), outcome_(chosen().max_output) {
  started_ = now();
  const uint64_t most = chosen().timeout;
  deadline_ = started_ + (call_.timeout == 0 ? most : std::min(call_.timeout, most));
  next_progress_ = started_ + kProgressEvery;
  if (!start()) ended_ = true;
}

bool Job::start() {
  Launch start;
  if (call_.tool == Tool::Exec && !grants_place_of(call_)) {
    outcome_.misplaced = true;
    outcome_.status = W_EXITCODE(kFailed, 0);
    return false;
  }
  if (call_.tool == Tool::Exec && !prepare(call_, start, outcome_.failure)) return false;
  if (!open_pipes()) {
    if (outcome_.failure.empty()) fail("open pipes", errno);
    return false;
  }
  const ChildFds ends = {its_input_.number(),  its_output_.number(), its_errors_.number(),
                         its_report_.number(), its_judge_.number(),  its_page_.number(),
                         its_status_.number()};
  const pid_t server = getpid();
  supervisor_ = fork();
  if (supervisor_ == 0) supervise(call_, start, ends, server);
  if (supervisor_ < 0) return fail("start a process", errno), false;
  watched_by_ = supervisor_;
  for (Descriptor *its : {&its_input_, &its_output_, &its_errors_, &its_report_, &its_status_,
                          &its_judge_, &its_page_})
    its->close();
  return true;
}

Job::~Job() {
  if (watched_by_ > 0) Cgroup(watched_by_).remove();
}

bool Job::open_page_of_call() {
  if (call_.tool != Tool::Exec || chosen().report.empty()) return true;
  const int page = open_page(call_, outcome_.failure);
  if (page >= 0) its_page_ = moved_up(page);
  return its_page_.is_open();
}

bool Job::open_pipes() {
  if (call_.input) {
    if (!make_pipe(its_input_, input_) || !set_waitless(input_)) return false;
  } else {
    its_input_ = moved_up(open("/dev/null", O_RDONLY | O_CLOEXEC));
  }
  if (!open_page_of_call()) return false;
  if (call_.explain && (!make_pipe(report_, its_report_) || !set_waitless(report_))) return false;
  if (call_.asks && !questions_.open(its_judge_)) return false;
  return its_input_.is_open() && make_pipe(output_, its_output_) && set_waitless(output_) &&
         make_pipe(errors_, its_errors_) && set_waitless(errors_) &&
         make_pipe(status_, its_status_) && set_waitless(status_);
}

void Job::list(std::vector<pollfd> &wanted) const {
  if (input_.is_open()) wanted.push_back({input_.number(), POLLOUT, 0});
  for (const Descriptor *from : {&output_, &errors_, &report_, &status_})
    if (from->is_open()) wanted.push_back({from->number(), POLLIN, 0});
  if (questions_.socket().is_open()) wanted.push_back({questions_.socket().number(), POLLIN, 0});
}

void Job::serve(const std::vector<pollfd> &answers, size_t &next) {
  const auto ready = [&](const Descriptor &descriptor) {
    const bool listed = descriptor.is_open() && next < answers.size();
    return listed && answers[next++].revents != 0;
  };
  if (ready(input_)) write_input();
  if (ready(output_)) read_output();
  if (ready(errors_)) read_errors();
  if (ready(report_)) read_refusals();
  if (ready(status_)) read_status();
  if (ready(questions_.socket())) questions_.read(now());
}

void Job::read_output() {
  const auto add = [&](std::string_view bytes) { outcome_.out.add(bytes); };
  if (!read_all(output_, add)) output_.close();
}

void Job::read_errors() {
  const auto add = [&](std::string_view bytes) { outcome_.err.add(bytes); };
  if (!read_all(errors_, add)) errors_.close();
}

void Job::read_refusals() {
  const auto add = [&](std::string_view bytes) {
    const std::string_view kept = bytes.substr(0, kMaxReport - outcome_.report.size());
    outcome_.report += kept;
    outcome_.report_cut = outcome_.report_cut || kept.size() < bytes.size();
  };
  if (!read_all(report_, add)) report_.close();
}

void Job::write_input() {
  const std::string_view rest = std::string_view(*call_.input).substr(written_);
  const ssize_t size = rest.empty() ? 0 : write(input_.number(), rest.data(), rest.size());
  if (size > 0) written_ += static_cast<size_t>(size);
  const bool gone = size < 0 && errno != EAGAIN && errno != EINTR;
  if (gone || written_ == call_.input->size()) input_.close();
}

// A supervisor that ends without a word was killed.
void Job::read_status() {
  Report report = {};
  const ssize_t size = read(status_.number(), &report, sizeof report);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size == sizeof report && report.kind == Report::NotStarted)
    return fail("start the command", report.value);
  reap(size == sizeof report, report.value);
}

void Job::reap(bool reported, int status) {
  status_.close();
  waitpid(supervisor_, nullptr, 0);
  // A supervisor that was killed has not done it.
  if (!reported) Cgroup(supervisor_).kill();
  supervisor_ = -1;
  outcome_.status = status;
  outcome_.duration = now() - started_;
  lost_ = !reported;
  if (lost_ && outcome_.failure.empty()) fail("watch the command", ECHILD);
  ended_ = true;
  input_.close();
  // All that could write has ended. A pipe holds no more than is read at twice.
  for (int i = 0; i < 2; i++) {
    if (output_.is_open()) read_output();
    if (errors_.is_open()) read_errors();
    if (report_.is_open()) read_refusals();
  }
}

void Job::fail(const char *what, int error) {
  outcome_.failure = std::string("cannot ") + what + ": " + std::strerror(error);
}

uint64_t Job::next_tick() const {
  if (outcome_.timed_out || cancelled_) return UINT64_MAX;
  return call_.progress_token.empty() ? deadline_ : std::min(deadline_, next_progress_);
}

bool Job::tick() {
  const uint64_t time = now();
  if (time >= deadline_ && !outcome_.timed_out && !cancelled_) {
    outcome_.timed_out = true;
    end();
  }
  if (call_.progress_token.empty() || cancelled_ || time < next_progress_) return false;
  next_progress_ = time + kProgressEvery;
  return true;
}

void Job::park(std::string name) {
  parked_ = std::move(name);
  parked_until_ = now() + kAnswerIn;
  // None of these is the client's any more.
  call_.reply.id.clear();
  call_.progress_token.clear();
  call_.least = Level::None;
}

void Job::resume(const ToolCall &again) {
  parked_.clear();
  call_.reply = again.reply;
  call_.progress_token = again.progress_token;
  call_.least = again.least;
}

void Job::cancel() {
  cancelled_ = true;
  end();
}

void Job::end() const {
  if (supervisor_ <= 0) return;
  kill(supervisor_, SIGTERM);
  // Somebody may have stopped it.
  kill(supervisor_, SIGCONT);
}

}  // namespace ll::mcp
