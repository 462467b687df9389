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
  if(TOCSIN_TESTS AND tests)
    add_executable(${ARG_NAME}_test ${tests})
    target_link_libraries(${ARG_NAME}_test PRIVATE tocsin_${ARG_NAME} ${ARG_TEST_DEPS}
      tocsin_test_support GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${ARG_NAME}_test TEST_PREFIX "${ARG_NAME}." DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS unit TIMEOUT 120 SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]")
  endif()
endfunction()
