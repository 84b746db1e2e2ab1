#include "stub.h"

// What both kinds have: the time of a clock that is not held is told by the vDSO's own function;
// and where the time of day goes, it is CLOCK_MONOTONIC (1) and what is added. 2337: a bit each of
// CLOCK_REALTIME, _REALTIME_COARSE, _REALTIME_ALARM and _TAI, which are held. Sources: vdso(7),
// syscall(2), the psABIs; arm64: a call by a register needs `bti` (hint 34).
// clang-format off
#if defined(__aarch64__)
#define LL_STUB_HEAD(name)   \
  ".hidden ll_" name "\n"    \
  ".global ll_" name "\n"    \
  ".balign 8\n"              \
  "ll_" name ":\n"           \
  "  hint #34\n"             \
  "  cmp w0, #11\n"          \
  "  b.hi 8f\n"              \
  "  mov w9, #2337\n"        \
  "  lsr w9, w9, w0\n"       \
  "  tbz w9, #0, 8f\n"       \
  "  adr x9, 9f\n"
#define LL_STUB_FROZEN         \
  "  ldp x10, x11, [x9]\n"     \
  "  stp x10, x11, [x1]\n"     \
  "  mov w0, #0\n"             \
  "  ret\n"
#define LL_STUB_MOVED(name)            \
  "  stp x29, x30, [sp, #-32]!\n"      \
  "  str x1, [sp, #16]\n"              \
  "  ldr x16, [x9, #16]\n"             \
  "  adr x17, ll_" name "\n"           \
  "  add x16, x16, x17\n"              \
  "  mov w0, #1\n"                     \
  "  blr x16\n"                        \
  "  ldr x1, [sp, #16]\n"              \
  "  ldp x29, x30, [sp], #32\n"        \
  "  cbnz w0, 2f\n"                    \
  "  adr x9, 9f\n"                     \
  "  ldp x10, x11, [x9]\n"             \
  "  ldp x12, x13, [x1]\n"             \
  "  add x10, x10, x12\n"              \
  "  add x11, x11, x13\n"              \
  "  mov w14, #0xca00\n"               \
  "  movk w14, #0x3b9a, lsl #16\n"     \
  "  cmp x11, x14\n"                   \
  "  b.lt 1f\n"                        \
  "  sub x11, x11, x14\n"              \
  "  add x10, x10, #1\n"               \
  "1: stp x10, x11, [x1]\n"            \
  "2: ret\n"
#define LL_STUB_TAIL(name)           \
  "8: adr x9, 9f\n"                  \
  "  ldr x16, [x9, #16]\n"           \
  "  adr x17, ll_" name "\n"         \
  "  add x16, x16, x17\n"            \
  "  br x16\n"                       \
  ".hidden ll_" name "_day\n"        \
  ".global ll_" name "_day\n"        \
  "ll_" name "_day:\n"               \
  "  hint #34\n"                     \
  "  stp x29, x30, [sp, #-48]!\n"    \
  "  stp x0, x1, [sp, #16]\n"        \
  "  mov w0, #0\n"                   \
  "  add x1, sp, #32\n"              \
  "  bl ll_" name "\n"               \
  "  ldp x10, x11, [sp, #32]\n"      \
  "  ldp x12, x13, [sp, #16]\n"      \
  "  ldp x29, x30, [sp], #48\n"      \
  "  mov x14, #1000\n"               \
  "  udiv x11, x11, x14\n"           \
  "  cbz x12, 3f\n"                  \
  "  stp x10, x11, [x12]\n"          \
  "3: cbz x13, 4f\n"                 \
  "  str xzr, [x13]\n"               \
  "4: mov w0, #0\n"                  \
  "  ret\n"                          \
  ".hidden ll_" name "_second\n"     \
  ".global ll_" name "_second\n"     \
  "ll_" name "_second:\n"            \
  ".balign 8\n"                      \
  "9: .quad 0, 0, 0\n"            \
  ".hidden ll_" name "_end\n"        \
  ".global ll_" name "_end\n"        \
  "ll_" name "_end:\n"
#define LL_NO_RANDOM \
  "  hint #34\n"     \
  "  mov x0, #-38\n" \
  "  ret\n"          \
  "  nop\n"
#else
#define LL_STUB_HEAD(name) \
  ".hidden ll_" name "\n"  \
  ".global ll_" name "\n"  \
  ".balign 8\n"            \
  "ll_" name ":\n"         \
  "  cmp $11, %edi\n"      \
  "  ja 8f\n"              \
  "  mov $2337, %eax\n"    \
  "  bt %edi, %eax\n"      \
  "  jnc 8f\n"
#define LL_STUB_FROZEN       \
  "  mov 9f(%rip), %rax\n"   \
  "  mov 9f+8(%rip), %rdx\n" \
  "  mov %rax, (%rsi)\n"     \
  "  mov %rdx, 8(%rsi)\n"    \
  "  xor %eax, %eax\n"       \
  "  ret\n"
#define LL_STUB_MOVED(name)            \
  "  push %rsi\n"                      \
  "  lea ll_" name "(%rip), %r11\n"    \
  "  add 9f+16(%rip), %r11\n"          \
  "  mov $1, %edi\n"                   \
  "  call *%r11\n"                     \
  "  pop %rsi\n"                       \
  "  test %eax, %eax\n"                \
  "  jnz 2f\n"                         \
  "  mov 9f(%rip), %rdx\n"             \
  "  mov 9f+8(%rip), %rcx\n"           \
  "  add 8(%rsi), %rcx\n"              \
  "  cmp $1000000000, %rcx\n"          \
  "  jl 1f\n"                          \
  "  sub $1000000000, %rcx\n"          \
  "  inc %rdx\n"                       \
  "1: add %rdx, (%rsi)\n"              \
  "  mov %rcx, 8(%rsi)\n"              \
  "2: ret\n"
#define LL_STUB_TAIL(name)         \
  "8: lea ll_" name "(%rip), %r11\n" \
  "  add 9f+16(%rip), %r11\n"      \
  "  jmp *%r11\n"                  \
  ".hidden ll_" name "_day\n"      \
  ".global ll_" name "_day\n"      \
  "ll_" name "_day:\n"             \
  "  push %rsi\n"                  \
  "  push %rdi\n"                  \
  "  sub $24, %rsp\n"              \
  "  mov %rsp, %rsi\n"             \
  "  xor %edi, %edi\n"             \
  "  call ll_" name "\n"           \
  "  mov 8(%rsp), %rax\n"          \
  "  xor %edx, %edx\n"             \
  "  mov $1000, %ecx\n"            \
  "  div %rcx\n"                   \
  "  mov (%rsp), %rcx\n"           \
  "  add $24, %rsp\n"              \
  "  pop %rdi\n"                   \
  "  pop %rsi\n"                   \
  "  test %rdi, %rdi\n"            \
  "  jz 3f\n"                      \
  "  mov %rcx, (%rdi)\n"           \
  "  mov %rax, 8(%rdi)\n"          \
  "3: test %rsi, %rsi\n"           \
  "  jz 4f\n"                      \
  "  movq $0, (%rsi)\n"            \
  "4: xor %eax, %eax\n"            \
  "  ret\n"                        \
  ".hidden ll_" name "_second\n"   \
  ".global ll_" name "_second\n"   \
  "ll_" name "_second:\n"          \
  "  push %rdi\n"                  \
  "  sub $16, %rsp\n"              \
  "  mov %rsp, %rsi\n"             \
  "  xor %edi, %edi\n"             \
  "  call ll_" name "\n"           \
  "  mov (%rsp), %rax\n"           \
  "  add $16, %rsp\n"              \
  "  pop %rdi\n"                   \
  "  test %rdi, %rdi\n"            \
  "  jz 5f\n"                      \
  "  mov %rax, (%rdi)\n"           \
  "5: ret\n"                       \
  ".balign 8\n"                    \
  "9: .quad 0, 0, 0\n"          \
  ".hidden ll_" name "_end\n"      \
  ".global ll_" name "_end\n"      \
  "ll_" name "_end:\n"
#define LL_NO_RANDOM   \
  "  mov $-38, %rax\n" \
  "  ret\n"
#endif
// clang-format on

// It is data here.
__asm__(".pushsection .rodata.stub, \"a\"\n"  //
        LL_STUB_HEAD("frozen") LL_STUB_FROZEN LL_STUB_TAIL("frozen") LL_STUB_HEAD("moved")
            LL_STUB_MOVED("moved") LL_STUB_TAIL("moved")  //
        ".hidden ll_no_random\n"
        ".global ll_no_random\n"
        "ll_no_random:\n" LL_NO_RANDOM
        ".hidden ll_no_random_end\n"
        ".global ll_no_random_end\n"
        "ll_no_random_end:\n"
        ".popsection\n");

#define LL_PLACE(name) extern "C" __attribute__((visibility("hidden"))) const char ll_##name[]
LL_PLACE(frozen);
LL_PLACE(frozen_day);
LL_PLACE(frozen_second);
LL_PLACE(frozen_end);
LL_PLACE(moved);
LL_PLACE(moved_day);
LL_PLACE(moved_second);
LL_PLACE(moved_end);
LL_PLACE(no_random);
LL_PLACE(no_random_end);

namespace ll {

namespace {

size_t distance(const char *from, const char *to) { return static_cast<size_t>(to - from); }

}  // namespace

Stub stub(bool frozen) {
  if (frozen)
    return {{ll_frozen, distance(ll_frozen, ll_frozen_end)},
            distance(ll_frozen, ll_frozen_day),
            distance(ll_frozen, ll_frozen_second)};
  return {{ll_moved, distance(ll_moved, ll_moved_end)},
          distance(ll_moved, ll_moved_day),
          distance(ll_moved, ll_moved_second)};
}

Text no_random_stub() { return {ll_no_random, distance(ll_no_random, ll_no_random_end)}; }

}  // namespace ll
