# tocsin_build_info(TEMPLATE file.in OUTPUT variable): generates `file` in the binary folder and sets `variable` to its
# path, to be compiled. It tells the commit, the compiler and the libraries that this was built with; no date, no host,
# no path, so that two builds of one commit are equal. The commit is looked up at each build; the file only changes when
# it does.
#
# TOCSIN_COMMIT overrides the look-up (a source archive without .git).
set(TOCSIN_COMMIT "" CACHE STRING "Commit to name in --version; empty: ask git")

function(tocsin_build_info)
  cmake_parse_arguments(ARG "" "TEMPLATE;OUTPUT" "" ${ARGN})
  get_filename_component(name ${ARG_TEMPLATE} NAME_WLE)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name})
  string(TOLOWER "${CMAKE_BUILD_TYPE}" build_type)
  if(TOCSIN_SANITIZE)
    string(APPEND build_type ", ${TOCSIN_SANITIZE}")
  endif()
  # Debian's re2.pc says 0.0.0; the shared library's own number is the next best.
  set(re2_version ${RE2_VERSION})
  if(re2_version VERSION_EQUAL 0)
    file(REAL_PATH ${RE2_LINK_LIBRARIES} re2_file)
    string(REGEX REPLACE "^.*\\.so\\." "so " re2_version "${re2_file}")
  endif()
  set(libraries "fmt ${fmt_VERSION}, libarchive ${LIBARCHIVE_VERSION}, libcrypto ${CRYPTO_VERSION}")
  # "deflate 1.x" is what lintian takes for a copy of zlib in the program.
  string(APPEND libraries ", libdeflate v${DEFLATE_VERSION}")
  string(APPEND libraries ", libseccomp ${SECCOMP_VERSION}, libyaml ${YAML_VERSION}, re2 ${re2_version}")
  string(APPEND libraries ", zlib ${ZLIB_VERSION}")
  add_custom_target(tocsin_build_info ALL
    COMMAND ${CMAKE_COMMAND}
      -D SOURCE_DIR=${CMAKE_SOURCE_DIR} -D TEMPLATE=${CMAKE_CURRENT_SOURCE_DIR}/${ARG_TEMPLATE} -D OUTPUT=${output}
      -D VERSION=${PROJECT_VERSION} -D COMMIT=${TOCSIN_COMMIT} -D BUILD_TYPE=${build_type}
      -D "COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}" -D "LIBRARIES=${libraries}"
      -P ${CMAKE_SOURCE_DIR}/cmake/write_build_info.cmake
    BYPRODUCTS ${output} VERBATIM)
  set(${ARG_OUTPUT} ${output} PARENT_SCOPE)
endfunction()
