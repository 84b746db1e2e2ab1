# add_program(NAME PART...): one small static program of lib/core, those parts of lib/os, and
# the folder that calls this, whose options.def says what its options are. No libc, no relocations, no
# heap.
get_filename_component(LL_LIB ${CMAKE_CURRENT_LIST_DIR}/../lib ABSOLUTE)

# All that is installed, without the tests.
add_custom_target(shipped)

function(find_parts found)
  set(paths "")
  foreach(part ${ARGN})
    file(GLOB path ${LL_LIB}/os/*/${part}.cpp)
    list(APPEND paths ${path})
  endforeach()
  set(${found} ${paths} PARENT_SCOPE)
endfunction()

function(add_program name)
  file(GLOB_RECURSE core_sources CONFIGURE_DEPENDS ${LL_LIB}/core/*.cpp)
  find_parts(os_sources ${ARGN})
  file(GLOB own_sources CONFIGURE_DEPENDS *.cpp)

  add_executable(${name} ${own_sources} ${core_sources} ${os_sources})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${LL_LIB})
  target_compile_definitions(${name} PRIVATE LL_VERSION="${PROJECT_VERSION}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  add_dependencies(shipped ${name})

  if(LL_HOSTED)
    build_on_libc(${name})
  else()
    build_freestanding(${name})
  endif()
endfunction()

# add_tool(NAME [PARTS PART...] [LIBRARIES LIBRARY...]): one static program with the standard library,
# of lib/core, those parts of lib/os and the folder that calls this. For what never stands between
# a command and the kernel: a tool of the user's. Its main.cpp has main(), and defines host_write() or takes
# the part `report`.
function(add_tool name)
  cmake_parse_arguments(tool "" "" "PARTS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE core_sources CONFIGURE_DEPENDS ${LL_LIB}/core/*.cpp)
  find_parts(os_sources ${tool_PARTS})
  file(GLOB own_sources CONFIGURE_DEPENDS *.cpp)

  add_executable(${name} ${own_sources} ${core_sources} ${os_sources})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${LL_LIB})
  target_compile_definitions(${name} PRIVATE LL_HOSTED LL_VERSION="${PROJECT_VERSION}")
  # -Os: its work takes milliseconds, and building it should not take longer than all else.
  target_compile_options(${name} PRIVATE -Os -fPIE -fstack-protector-strong -ffunction-sections -fdata-sections)
  target_link_libraries(${name} PRIVATE ${tool_LIBRARIES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  add_dependencies(shipped ${name})
  if(LL_SANITIZE)  # which links no static programs
    target_compile_options(${name} PRIVATE -fsanitize=${LL_SANITIZE} -fno-sanitize-recover=all -g)
    target_link_options(${name} PRIVATE -fsanitize=${LL_SANITIZE})
  else()
    target_link_options(${name} PRIVATE -static-pie -Wl,--gc-sections -Wl,-z,relro,-z,now,-z,noexecstack)
  endif()
endfunction()

function(build_on_libc name)
  target_sources(${name} PRIVATE ${LL_LIB}/os/kernel/start_hosted.cpp)
  target_compile_definitions(${name} PRIVATE LL_HOSTED)
  if(LL_SANITIZE)
    target_compile_options(${name} PRIVATE -fsanitize=${LL_SANITIZE} -fno-sanitize-recover=all -g)
    target_link_options(${name} PRIVATE -fsanitize=${LL_SANITIZE})
  endif()
endfunction()

function(build_freestanding name)
  set(options -Oz -ffreestanding -fno-exceptions -fno-rtti -fno-threadsafe-statics
      -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns -fvisibility=hidden -fPIE
      -ffunction-sections -fdata-sections -fstack-protector-strong
      -ftrivial-auto-var-init=uninitialized)
  # What -Oz leaves: values kept over a loop or a call are saved and restored around it; and what is
  # inlined for the cost of its call often costs more, in larger frames.
  set(economies -flto-partition=one -fno-tree-loop-im -fno-move-loop-invariants
      -fno-inline-small-functions -fipa-pta -fno-caller-saves -fno-shrink-wrap
      --param=uninlined-function-insns=0)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64|AMD64")
    list(APPEND options -mstack-protector-guard=global -fcf-protection=none -mgeneral-regs-only)
    # Not more than the page that there is: a larger alignment costs 4 us at every start.
    set(page_size 4096)
  else()
    # The guard is where the thread register points; a global one would be a relocation.
    list(APPEND options -mstack-protector-guard=sysreg -mstack-protector-guard-reg=tpidr_el0
         -mstack-protector-guard-offset=0)
    set(page_size 65536)
  endif()
  target_compile_options(${name} PRIVATE ${options} ${economies} -flto)
  # What the compiler itself calls must not be optimized together with what it compiles.
  set(apart ${LL_LIB}/os/kernel/start.cpp ${LL_LIB}/os/kernel/mem.cpp)
  target_sources(${name} PRIVATE ${apart})
  set_source_files_properties(${apart} PROPERTIES COMPILE_OPTIONS -fno-lto)
  # No relocations (-z text, and the test that counts them), no writable code, nothing to be resolved.
  target_link_options(${name} PRIVATE
    ${economies} -nostdlib -nostartfiles -static-pie -Wl,--no-dynamic-linker -Wl,-z,text
    -Wl,-z,noexecstack -Wl,-z,norelro -Wl,-T,${LL_LIB}/../loader/layout.ld
    -Wl,-z,max-page-size=${page_size} -Wl,--build-id=none -Wl,--gc-sections -Wl,--sort-section=alignment)
endfunction()
