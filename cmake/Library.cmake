# tocsin_tests(NAME base SOURCES ... DEPS ... LABEL unit TIMEOUT 120): a GoogleTest program, each of its tests known to
# CTest as `<name>.Suite.Test`.
function(tocsin_tests)
  cmake_parse_arguments(ARG "" "NAME;LABEL;TIMEOUT" "DEPS;SOURCES" ${ARGN})
  add_executable(${ARG_NAME}_test ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME}_test PRIVATE ${ARG_DEPS} tocsin_test_support GTest::gmock GTest::gtest_main)
  # Most of a cold build is test code; optimising it less saves a fifth of that. The libraries under test keep theirs.
  target_compile_options(${ARG_NAME}_test PRIVATE $<$<CONFIG:Release>:-O1>)
  gtest_discover_tests(${ARG_NAME}_test TEST_PREFIX "${ARG_NAME}." DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT} SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]")
endfunction()

# tocsin_library(NAME base DEPS ... [SOURCES generated.cpp ...] [TEST_DEPS ...] [EXCLUDE regex]): a static library
# `tocsin_<name>` of every .cpp below the calling folder but *_main.cpp, and (with TOCSIN_TESTS) a test program
# `<name>_test` of every *_test.cpp there. Tests stand beside the code and may include "tests/support/paths.hpp" (where
# the source tree and the corpus are).
function(tocsin_library)
  cmake_parse_arguments(ARG "" "NAME;EXCLUDE" "DEPS;SOURCES;TEST_DEPS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(ARG_EXCLUDE)  # a regular expression: programs' own files, for instance
    list(FILTER sources EXCLUDE REGEX "${ARG_EXCLUDE}")
  endif()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|main)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(APPEND sources ${ARG_SOURCES})
  if(sources)
    add_library(tocsin_${ARG_NAME} STATIC ${sources})
    target_link_libraries(tocsin_${ARG_NAME} PUBLIC tocsin_flags ${ARG_DEPS})
  else()
    add_library(tocsin_${ARG_NAME} INTERFACE)
    target_link_libraries(tocsin_${ARG_NAME} INTERFACE tocsin_flags ${ARG_DEPS})
  endif()
  set(corpus_tests ${tests})
  list(FILTER corpus_tests INCLUDE REGEX "corpus_test\\.cpp$")
  list(FILTER tests EXCLUDE REGEX "corpus_test\\.cpp$")
  set(deps tocsin_${ARG_NAME} ${ARG_TEST_DEPS})
  if(TOCSIN_TESTS AND tests)
    tocsin_tests(NAME ${ARG_NAME} SOURCES ${tests} DEPS ${deps} LABEL unit TIMEOUT 120)
  endif()
  if(TOCSIN_TESTS AND corpus_tests AND NOT TOCSIN_PARSERS_ONLY)
    tocsin_tests(NAME ${ARG_NAME}_corpus SOURCES ${corpus_tests} DEPS ${deps} LABEL corpus TIMEOUT 900)
  endif()
endfunction()
