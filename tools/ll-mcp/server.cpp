#include "server.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "asked/words.h"
#include "cgroup.h"
#include "supervise.h"
#include "tools.h"
#include "utf8.h"

namespace ll::mcp {

namespace {

constexpr size_t kMaxUnread = size_t{1} << 20;  // bytes for the client; then it is not read from
constexpr size_t kMaxWaiting = 1024;
constexpr size_t kMaxWaitingSize = size_t{64} << 20;
constexpr uint64_t kShutdownTimeout = 5000;  // milliseconds, for what is to end

// Where poll(2) is asked first for what.
enum Slot : size_t { kSignals, kIn, kOut, kJobs };
constexpr uint64_t kPollInterval = 5;  // milliseconds, until what multiplies is looked at again

Descriptor open_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT}) sigaddset(&set, number);
  return Descriptor(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

// A client that does not read must not hold up what it wants to cancel.
class NonBlocking {
 public:
  explicit NonBlocking(int descriptor)
      : descriptor_(descriptor), flags_(fcntl(descriptor, F_GETFL)) {
    fcntl(descriptor_, F_SETFL, flags_ | O_NONBLOCK);
  }
  NonBlocking(const NonBlocking &) = delete;
  NonBlocking &operator=(const NonBlocking &) = delete;
  // Others may have it too.
  ~NonBlocking() { fcntl(descriptor_, F_SETFL, flags_); }

 private:
  int descriptor_;
  int flags_;
};

}  // namespace

Server::Server(std::string problem)
    : session_(*this, list_of_tools(opens_network()), std::move(problem)),
      signals_(open_signals()) {}

int Server::run() {
  const NonBlocking in(STDIN_FILENO);
  const NonBlocking out(STDOUT_FILENO);
  if (!chosen().sandbox) find_cgroups();
  // For what a supervisor leaves that is killed.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  while (!gone_ && signal_ == 0) {
    wait();
    read_signals();
    if (polled_[kIn].revents != 0) read_client();
    take_lines();
    serve_jobs();
    tick_jobs();
    ask_user();
    finish_jobs();
    start_jobs();
    write_client();
  }
  end_jobs();
  write_client();
  return signal_ == 0 ? 0 : 128 + signal_;
}

void Server::wait() {
  polled_.clear();
  polled_.push_back({signals_.number(), POLLIN, 0});
  polled_.push_back({is_full() || has_lines_ ? -1 : STDIN_FILENO, POLLIN, 0});
  polled_.push_back({STDOUT_FILENO, static_cast<short>(out_.waiting().empty() ? 0 : POLLOUT), 0});
  for (const Job &job : jobs_) job.list(polled_);
  // No signal interrupts it: without it nothing can be served.
  const bool failed = poll(polled_.data(), polled_.size(), poll_timeout()) < 0;
  // Whoever read from it has closed it.
  gone_ = failed || (polled_[kOut].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

int Server::poll_timeout() const {
  if (has_lines_ && !is_full()) return 0;
  uint64_t next = UINT64_MAX;
  const uint64_t time = now();
  for (const Job &job : jobs_) {
    if (!job.has_ended())
      next = std::min({next, job.next_tick(), job.questions().deadline()});
    else if (job.is_lost())
      next = std::min(next, time + kPollInterval);
    else if (!job.parked().empty())
      next = std::min(next, job.parked_until());
    else if (!is_full())
      return 0;
  }
  if (next == UINT64_MAX) return -1;
  return next <= time ? 0 : static_cast<int>(next - time);
}

bool Server::is_full() const { return out_.waiting().size() >= kMaxUnread; }

void Server::read_signals() {
  signalfd_siginfo info = {};
  if (read(signals_.number(), &info, sizeof info) == sizeof info)
    signal_ = static_cast<int>(info.ssi_signo);
}

void Server::read_client() {
  std::array<char, 65536> bytes;
  const ssize_t size = read(STDIN_FILENO, bytes.data(), bytes.size());
  if (size == 0) gone_ = true;
  if (size < 0 && errno != EAGAIN && errno != EINTR) gone_ = true;
  if (size > 0) lines_.add({bytes.data(), static_cast<size_t>(size)});
  has_lines_ = size > 0;
}

void Server::take_lines() {
  while (has_lines_ && !is_full()) {
    std::string_view line;
    switch (lines_.next(line)) {
      case Lines::Next::None: has_lines_ = false; break;
      case Lines::Next::Line: session_.receive(line); break;
      case Lines::Next::TooLong: session_.receive_too_long(); break;
    }
  }
}

void Server::write_client() {
  while (!out_.waiting().empty()) {
    const std::string_view rest = out_.waiting();
    const ssize_t size = write(STDOUT_FILENO, rest.data(), rest.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      gone_ = gone_ || errno != EAGAIN;
      break;
    }
    out_.take(static_cast<size_t>(size));
  }
  out_.shrink(kMaxUnread);
}

void Server::send(std::string_view message) {
  out_.add(message);
  out_.add("\n");
}

bool Server::start(ToolCall call) {
  const size_t size = call.size();
  if (waiting_.size() == kMaxWaiting || waiting_size_ + size > kMaxWaitingSize) return false;
  waiting_size_ += size;
  waiting_.push_back(std::move(call));
  start_jobs();
  return true;
}

void Server::start_jobs() {
  while (!waiting_.empty() && jobs_.size() < chosen().jobs) {
    waiting_size_ -= waiting_.front().size();
    ToolCall call = std::move(waiting_.front());
    waiting_.pop_front();
    session_.log(call, Level::Debug, "started");
    jobs_.emplace_back(std::move(call));
  }
}

void Server::cancel(const std::string &id) {
  for (Job &job : jobs_)
    if (job.call().reply.id == id) job.cancel();
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const ToolCall &call) { return call.reply.id == id; });
  if (found == waiting_.end()) return;
  waiting_size_ -= found->size();
  session_.skip(found->reply.batch);
  waiting_.erase(found);
}

bool Server::has(const std::string &id) const {
  const auto is_its = [&](const ToolCall &call) { return call.reply.id == id; };
  return std::any_of(waiting_.begin(), waiting_.end(), is_its) ||
         std::any_of(jobs_.begin(), jobs_.end(),
                     [&](const Job &job) { return is_its(job.call()); });
}

void Server::respond(const std::string &name, Said said) {
  for (Job &job : jobs_) {
    const asked::Question *question = job.questions().current();
    if (question == nullptr || job.questions().name() != name) continue;
    session_.log(job.call(), Level::Info,
                 (said == Said::Yes ? "the user allows: " : "the user refuses: ") +
                     repaired(asked::wish_of(*question)));
    job.questions().answer(said);
    return;
  }
}

bool Server::resume(const std::string &name, const ToolCall &again, Said said) {
  const auto job = std::find_if(jobs_.begin(), jobs_.end(), [&](const Job &parked) {
    return !name.empty() && parked.parked() == name;
  });
  if (job == jobs_.end()) return false;
  job->resume(again);
  respond(name, said);
  return true;
}

void Server::ask_user() {
  if (is_full()) return;
  for (Job &job : jobs_) ask_for(job);
}

void Server::ask_for(Job &job) {
  Questions &questions = job.questions();
  const uint64_t time = now();
  const bool over = job.has_ended() || !questions.socket().is_open();
  if (!questions.name().empty() && (over || time >= questions.deadline())) {
    if (job.parked().empty()) session_.take_back(questions.name());
    questions.give_up();
  }
  // While it is parked there is no reply to ask with.
  if (over || !job.parked().empty()) return;
  const asked::Question *next = questions.next(time);
  if (next == nullptr) return;
  questions.note_asked(session_.ask(job.call(), *next));
  if (job.call().reply.modern) job.park(questions.name());
}

// Those that were started since are the last, and were not asked about.
void Server::serve_jobs() {
  size_t next = kJobs;
  for (Job &job : jobs_) job.serve(polled_, next);
}

void Server::tick_jobs() {
  for (Job &job : jobs_) {
    if (job.has_ended() || !job.tick() || is_full()) continue;
    session_.report_progress(job.call(), now() - job.started(),
                             job.outcome().out.seen() + job.outcome().err.seen());
  }
}

bool Server::end_lost() const {
  std::vector<int> supervisors;
  for (const Job &job : jobs_) supervisors.push_back(job.supervisor());
  return end_orphans(supervisors);
}

// Results wait where they are while the client does not read.
void Server::finish_jobs() {
  for (auto job = jobs_.begin(); job != jobs_.end();) {
    const bool over = job->has_ended() && (!job->is_lost() || end_lost());
    // Its client may call again; nobody is to be told, if it does not.
    if (over && !job->parked().empty()) {
      job = now() < job->parked_until() ? std::next(job) : jobs_.erase(job);
      continue;
    }
    if (!over || (is_full() && !job->is_cancelled())) {
      ++job;
      continue;
    }
    if (job->is_cancelled()) {
      session_.skip(job->call().reply.batch);
    } else {
      if (job->outcome().timed_out) session_.log(job->call(), Level::Warning, "timed out; killed");
      session_.finish(job->call(), job->outcome());
    }
    job = jobs_.erase(job);
  }
}

void Server::end_jobs() {
  for (const Job &job : jobs_) job.end();
  const uint64_t deadline = now() + kShutdownTimeout;
  bool lost = false;
  while (now() < deadline) {
    for (const Job &job : jobs_) lost = lost || job.is_lost();
    jobs_.remove_if([](const Job &job) { return job.has_ended(); });
    if (jobs_.empty() && (!lost || end_lost())) return;
    polled_.assign(kJobs, {-1, 0, 0});
    for (const Job &job : jobs_) job.list(polled_);
    if (poll(polled_.data(), polled_.size(), static_cast<int>(kPollInterval)) > 0) serve_jobs();
  }
}

}  // namespace ll::mcp
