// What one probe found. The value of Verdict is the exit status of escape-probe.
#pragma once

#include <cerrno>

enum class Verdict { escaped = 0, refused = 1, unavailable = 2 };

struct Outcome {
  Verdict verdict;
  const char *act;  // the call or the step that decided it
  int error;        // the errno of the refusal, 0 if there is none
};

inline Outcome escaped(const char *act) { return {Verdict::escaped, act, 0}; }
inline Outcome refused(const char *act, int error) { return {Verdict::refused, act, error}; }
inline Outcome unavailable(const char *act, int error) {
  return {Verdict::unavailable, act, error};
}

// These say "this kernel does not have it" as often as "you may not". The probe cannot tell them
// apart; whoever runs it can, because the run without a sandbox then says the same.
inline bool means_missing(int error) {
  switch (error) {
    case ENOSYS:
    case EOPNOTSUPP:
    case EPROTONOSUPPORT:
    case EAFNOSUPPORT:
    case ESOCKTNOSUPPORT:
    case EPFNOSUPPORT:
    case ENOPROTOOPT:
    case ENODEV: return true;
    default: return false;
  }
}

inline Outcome failed(const char *act, int error) {
  return means_missing(error) ? unavailable(act, error) : refused(act, error);
}

// For a call that fails as libc's do: -1 and errno.
inline Outcome outcome_of(const char *act, long result) {
  return result < 0 ? failed(act, errno) : escaped(act);
}

// For a call that must not succeed even without a sandbox (kexec_load, init_module): it is given
// nonsense, and complaining about the nonsense proves that the caller was allowed to ask.
inline Outcome reached(const char *act, long result) {
  if (result >= 0) {
    return escaped(act);
  }
  switch (errno) {
    case EPERM:
    case EACCES: return refused(act, errno);
    default: return means_missing(errno) ? unavailable(act, errno) : escaped(act);
  }
}
