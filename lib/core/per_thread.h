// For a buffer whose contents end with the call: a program without threads has one, the library one
// per thread.
#pragma once

#ifdef LL_HOSTED
#define LL_PER_THREAD thread_local
#else
#define LL_PER_THREAD
#endif

// The same, but on the stack in hosted builds.
#ifdef LL_HOSTED
#define LL_PER_CALL
#else
#define LL_PER_CALL static
#endif
