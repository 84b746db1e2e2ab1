// The smallest use of an io_uring: one request at a time. Without liburing, so that the probes link
// statically with libc alone. See io_uring(7) for the layout.
#pragma once

#include <linux/io_uring.h>

class Ring {
 public:
  // On a descriptor that io_uring_setup(2) filled these parameters for, here or in another process.
  Ring(int descriptor, const io_uring_params &parameters);

  // The request's result, negative errno included.
  int run(const io_uring_sqe &request);

 private:
  int descriptor_;
  io_uring_params parameters_;
  char *rings_;
  io_uring_sqe *requests_;
};

// A descriptor, or -1 and errno.
int set_up_ring(io_uring_params &parameters);
