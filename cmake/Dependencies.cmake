# Third parties come from Debian packages (scripts/setup) and are linked shared.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)  # for its checksum
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
if(NOT TOCSIN_PARSERS_ONLY)
  find_package(CLI11 REQUIRED)
  pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
  find_path(TOCSIN_TOML toml++/toml.h REQUIRED)  # headers only
  find_package(nlohmann_json REQUIRED)
endif()
if(TOCSIN_TESTS)
  find_package(GTest REQUIRED)
  # An oracle of the JSON tests; the program itself does not use it (docs/decisions/0006-json-walker.md).
  pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET simdjson)
  include(GoogleTest)
  # The interpreter with the test oracles (tests/requirements.txt): TOCSIN_PYTHON, else the one that scripts/setup made.
  # Tests that need it run `$ENV{TOCSIN_PYTHON}` or this; without either they say which command is missing.
  set(TOCSIN_PYTHON "${CMAKE_SOURCE_DIR}/build/venv/bin/python" CACHE FILEPATH "Python with the test tools")
endif()
