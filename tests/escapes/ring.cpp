#include "ring.h"

#include "numbers.h"
#include "targets.h"

#include <sys/mman.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>

namespace {

void *map(int descriptor, std::size_t size, off_t what) {
  void *memory =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor, what);
  if (memory == MAP_FAILED) {
    broken("a ring cannot be mapped");
  }
  return memory;
}

}  // namespace

int set_up_ring(io_uring_params &parameters) {
  return static_cast<int>(syscall(number::io_uring_setup, 4, &parameters));
}

Ring::Ring(int descriptor, const io_uring_params &parameters)
    : descriptor_(descriptor), parameters_(parameters) {
  // Both rings are in one mapping on every kernel with Landlock (IORING_FEAT_SINGLE_MMAP, 5.4).
  const std::size_t size =
      parameters.cq_off.cqes + parameters.cq_entries * sizeof(io_uring_cqe) + 64UL * 1024;
  rings_ = static_cast<char *>(map(descriptor, size, IORING_OFF_SQ_RING));
  requests_ = static_cast<io_uring_sqe *>(
      map(descriptor, parameters.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES));
}

int Ring::run(const io_uring_sqe &request) {
  auto at = [this](unsigned offset) { return reinterpret_cast<unsigned *>(rings_ + offset); };
  const std::atomic_ref<unsigned> submitted(*at(parameters_.sq_off.tail));
  const std::atomic_ref<unsigned> completed(*at(parameters_.cq_off.head));
  const unsigned slot = submitted & *at(parameters_.sq_off.ring_mask);
  requests_[slot] = request;
  at(parameters_.sq_off.array)[slot] = slot;
  submitted.store(submitted + 1, std::memory_order_release);
  if (syscall(number::io_uring_enter, descriptor_, 1, 1, IORING_ENTER_GETEVENTS, nullptr, 0) < 0) {
    return -errno;
  }
  const auto *results = reinterpret_cast<io_uring_cqe *>(rings_ + parameters_.cq_off.cqes);
  const int result = results[completed & *at(parameters_.cq_off.ring_mask)].res;
  completed.store(completed + 1, std::memory_order_release);
  return result;
}
