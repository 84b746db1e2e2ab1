// System V IPC and POSIX message queues: named by number or name, in no directory of the policy.
#include "attempt.h"
#include "probes.h"

#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <cerrno>
#include <cstdlib>

namespace {

int identifier(const char *name) { return static_cast<int>(target_number(name)); }

struct Message {
  long type;
  char text[sizeof secret];
};

bool is_failure(const void *address) { return reinterpret_cast<long>(address) == -1; }

}  // namespace

Outcome attach_segment() {
  const void *memory = shmat(identifier("shm-id"), nullptr, SHM_RDONLY);
  if (is_failure(memory)) {
    return failed("shmat", errno);
  }
  return holds_secret(memory, sizeof secret) ? escaped("shmat") : refused("shmat", 0);
}

Outcome find_segment() {
  return outcome_of("shmget", shmget(static_cast<key_t>(target_number("shm-key")), 0, 0));
}

Outcome remove_segment() {
  return outcome_of("shmctl IPC_RMID", shmctl(identifier("shm-id"), IPC_RMID, nullptr));
}

Outcome read_semaphore() {
  return outcome_of("semctl GETVAL", semctl(identifier("sem-id"), 0, GETVAL));
}

Outcome raise_semaphore() {
  sembuf raise{0, 1, IPC_NOWAIT};
  return outcome_of("semop", semop(identifier("sem-id"), &raise, 1));
}

Outcome receive_message() {
  Message message{};
  if (msgrcv(identifier("msg-id"), &message, sizeof message.text, 0, IPC_NOWAIT) < 0) {
    return failed("msgrcv", errno);
  }
  return holds_secret(message.text, sizeof message.text) ? escaped("msgrcv") : refused("msgrcv", 0);
}

Outcome send_message() {
  const Message message{1, "x"};
  return outcome_of("msgsnd", msgsnd(identifier("msg-id"), &message, 1, IPC_NOWAIT));
}

Outcome receive_from_queue() {
  const mqd_t queue = mq_open(target("queue").c_str(), O_RDONLY | O_NONBLOCK);
  if (queue < 0) {
    return failed("mq_open", errno);
  }
  char bytes[8192];
  const ssize_t size = mq_receive(queue, bytes, sizeof bytes, nullptr);
  if (size < 0) {
    return failed("mq_receive", errno);
  }
  return holds_secret(bytes, static_cast<std::size_t>(size)) ? escaped("mq_receive")
                                                             : refused("mq_receive", 0);
}

Outcome send_to_queue() {
  const mqd_t queue = mq_open(target("queue").c_str(), O_WRONLY | O_NONBLOCK);
  return outcome_of("mq_open and mq_send", queue < 0 ? queue : mq_send(queue, "x", 1, 0));
}

Outcome remove_queue() { return outcome_of("mq_unlink", mq_unlink(target("queue").c_str())); }

Outcome read_shared_memory() {
  if (!has_target("posix-shm")) {
    return unavailable("the fixture has no /dev/shm", 0);
  }
  return secret_read_from("shm_open", shm_open(target("posix-shm").c_str(), O_RDONLY, 0));
}
