# What all programs share, once a flavour: lib/core, which makes no system call, and lib/os.
#   ll         freestanding, link-time optimized: of what stands between a command and the kernel
#   ll-hosted  on a libc: of tools, tests, fuzz targets and benchmarks
# A program that defines what lib/os/kernel/process.cpp does (host_write, die and warn) has its own.
get_filename_component(LL_ROOT ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
file(GLOB_RECURSE LL_SOURCES CONFIGURE_DEPENDS ${LL_ROOT}/lib/*.cpp)
# From the kernel's first instruction to run(); and what the compiler itself calls, which must not be
# optimized together with what it compiles.
set(LL_START_SOURCES ${LL_ROOT}/lib/os/kernel/start.cpp ${LL_ROOT}/lib/os/kernel/mem.cpp)
list(REMOVE_ITEM LL_SOURCES ${LL_START_SOURCES} ${LL_ROOT}/lib/os/kernel/start_hosted.cpp)

# Archives of link-time optimized objects need the compiler's ar.
if(CMAKE_CXX_COMPILER_AR AND CMAKE_CXX_COMPILER_RANLIB)
  set(CMAKE_AR ${CMAKE_CXX_COMPILER_AR})
  set(CMAKE_RANLIB ${CMAKE_CXX_COMPILER_RANLIB})
endif()

# What tests run once and users never: with sanitizers an optimized build takes three times as long as one that is not.
if(LL_SANITIZE)
  set(LL_SMALL -O0)
  set(LL_TESTED -O0)
else()
  set(LL_SMALL -Os)
  set(LL_TESTED -O1 -g)
endif()

function(add_hosted_library name)
  add_library(${name} STATIC EXCLUDE_FROM_ALL ${LL_SOURCES})
  target_include_directories(${name} PUBLIC ${LL_ROOT}/lib)
  target_compile_features(${name} PUBLIC cxx_std_20)
  # Also where tests/unit or tests/fuzz is configured on its own: with GNU's extensions `linux` is a number.
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_definitions(${name} PUBLIC LL_HOSTED)
  # -Os, outside of a build with sanitizers: its work takes milliseconds, and building it should not take longer than all else.
  # -fPIC: also of libllexec, of which nothing is to be seen but its interface.
  target_compile_options(${name} PRIVATE ${LL_SMALL} -fPIC -fvisibility=hidden $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>
    -fstack-protector-strong -ffunction-sections -fdata-sections ${ARGN})
endfunction()

function(add_freestanding_library name)
  set(options -Oz -ffreestanding -fno-exceptions -fno-rtti -fno-threadsafe-statics
      -fno-asynchronous-unwind-tables -fvisibility=hidden -fPIE
      -ffunction-sections -fdata-sections -fstack-protector-strong
      -ftrivial-auto-var-init=uninitialized)
  set(economies "")
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # Else loops become calls of the functions that they are of, in mem.cpp for one.
    list(APPEND options -fno-tree-loop-distribute-patterns)
    # What -Oz leaves: values kept over a loop or a call are saved and restored around it; and what is
    # inlined for the cost of its call often costs more, in larger frames.
    set(economies -flto -flto-partition=one -fno-tree-loop-im -fno-move-loop-invariants
        -fipa-pta -fno-caller-saves -fno-shrink-wrap -fno-tree-dominator-opts
        --param=uninlined-function-insns=0)
  else()
    list(APPEND options -fno-builtin)
  endif()
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64|AMD64")
    list(APPEND options -mstack-protector-guard=global -fcf-protection=none -mgeneral-regs-only)
    # Tables of text need no alignment for vector instructions, which are not used.
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
      list(APPEND options -malign-data=abi)
    endif()
    # Not more than the page that there is: a larger alignment costs 4 us at every start.
    set(page_size 4096)
  else()
    # The guard is where the thread register points; a global one would be a relocation.
    list(APPEND options -mstack-protector-guard=sysreg -mstack-protector-guard-reg=tpidr_el0
         -mstack-protector-guard-offset=0)
    set(page_size 65536)
  endif()

  add_library(${name} STATIC ${LL_SOURCES})
  target_include_directories(${name} PUBLIC ${LL_ROOT}/lib)
  target_compile_options(${name} PUBLIC ${options} ${economies})
  # No relocations (-z text, and the test that counts them), no writable code, nothing to be resolved.
  target_link_options(${name} PUBLIC
    ${economies} -nostdlib -nostartfiles -static-pie -Wl,--no-dynamic-linker -Wl,-z,text
    -Wl,-z,noexecstack -Wl,-z,norelro -Wl,-T,${LL_ROOT}/loader/layout.ld
    -Wl,-z,max-page-size=${page_size} -Wl,--build-id=none -Wl,--gc-sections -Wl,--sort-section=alignment)
  set_target_properties(${name} PROPERTIES INTERFACE_LINK_DEPENDS ${LL_ROOT}/loader/layout.ld)

  add_library(${name}-start OBJECT ${LL_START_SOURCES})
  set_source_files_properties(${LL_START_SOURCES} PROPERTIES COMPILE_OPTIONS -fno-lto)
  target_link_libraries(${name}-start PRIVATE ${name})
endfunction()
