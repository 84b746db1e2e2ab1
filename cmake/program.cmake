# All that is installed, without the tests.
add_custom_target(shipped)

# compile_together(TARGET): all its files in one unit, which parses once what they include. A file's anonymous namespace
# is then the whole program's: its names differ from those of other files.
function(compile_together target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${LL_UNITY} UNITY_BUILD_BATCH_SIZE 0)
endfunction()

# find_sources(RESULT [SOURCE...]): a program's files and others' that it has, with main.cpp last: what that defines for
# the whole run is no name in the others.
function(find_sources result)
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp)
  set(${result} ${sources} ${ARGN} ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp PARENT_SCOPE)
endfunction()

function(ship name)
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE LL_VERSION="${PROJECT_VERSION}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  add_dependencies(shipped ${name})
endfunction()

# add_program(NAME [SOURCE...]): one small static program of the folder that calls this, these files of other programs and
# the library. No libc, no relocations, no heap; its run() is what main() is elsewhere.
function(add_program name)
  find_sources(sources ${ARGN})
  if(LL_HOSTED)
    add_executable(${name} ${sources} ${LL_ROOT}/lib/os/kernel/start_hosted.cpp)
    target_link_libraries(${name} PRIVATE ll-hosted)
  else()
    add_executable(${name} ${sources})
    # Not among the sources, where generators order objects differently: so the bytes are the same with any generator.
    target_link_libraries(${name} PRIVATE $<TARGET_OBJECTS:ll-start> ll)
    add_dependencies(${name} ll-start)
  endif()
  compile_together(${name})
  ship(${name})
endfunction()

# add_tool(NAME [LIBRARY...]): one static program with the standard library, of the folder that calls
# this and the library. For what never stands between a command and the kernel: a tool of the user's.
# It has a main().
function(add_tool name)
  find_sources(sources)
  add_executable(${name} ${sources})
  compile_together(${name})
  target_compile_options(${name} PRIVATE ${LL_SMALL} -fPIE -fstack-protector-strong -ffunction-sections -fdata-sections)
  target_link_libraries(${name} PRIVATE ll-hosted ${ARGN})
  if(NOT LL_SANITIZE)  # which links no static programs
    target_link_options(${name} PRIVATE -static-pie -Wl,--gc-sections -Wl,-z,relro,-z,now,-z,noexecstack)
  endif()
  ship(${name})
endfunction()
