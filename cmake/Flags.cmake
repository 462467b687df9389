# Compiler flags of every own target, gathered in the interface target `tocsin_flags`.
add_library(tocsin_flags INTERFACE)
target_include_directories(tocsin_flags INTERFACE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)

set(cxx_warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough -Wcast-align)
# std::stable_sort of libstdc++ 12 uses a function that it declares deprecated; clang says so in every file that sorts.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # clang counts sign changes as -Wconversion, GCC does not.
  list(APPEND cxx_warnings -Wno-deprecated-declarations -Wno-sign-conversion)
endif()
target_compile_options(tocsin_flags INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:${cxx_warnings}>")

# The baseline is x86-64-v2 (SSE4.2); faster kernels are chosen at run time. Never -march=native.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(tocsin_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-march=x86-64-v2>)
endif()

# Hardening.
target_compile_options(tocsin_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-fstack-protector-strong> $<$<COMPILE_LANGUAGE:CXX>:-fstack-clash-protection>)
target_compile_definitions(tocsin_flags INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(tocsin_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT TOCSIN_SANITIZE)
  target_compile_options(tocsin_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
include(CheckPIESupported)
check_pie_supported()

# Reproducible: no path of the building machine in any object.
target_compile_options(tocsin_flags INTERFACE
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)

if(TOCSIN_SANITIZE)
  target_compile_options(tocsin_flags INTERFACE -fsanitize=${TOCSIN_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(tocsin_flags INTERFACE -fsanitize=${TOCSIN_SANITIZE})
endif()
if(TOCSIN_FUZZ)
  target_compile_options(tocsin_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
