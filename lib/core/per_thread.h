// Of a buffer that nothing is left in behind a call: a program without threads has one, a library
// one a thread.
#pragma once

#ifdef LL_HOSTED
#define LL_PER_THREAD thread_local
#else
#define LL_PER_THREAD
#endif

// The same where a call may take more of its stack: then it is there.
#ifdef LL_HOSTED
#define LL_PER_CALL
#else
#define LL_PER_CALL static
#endif
