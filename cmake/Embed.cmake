# tocsin_embed(TARGET t SYMBOL s FOLDER dir): compiles every file below `dir` (but Markdown) into the library `t`.
#
# GCC 12 has no #embed, so an assembler file with one `.incbin` per file is generated. It defines, without a single
# relocation and in the order of the names' bytes:
#   <s>_count    one 64-bit number
#   <s>_sizes    a 64-bit size per file
#   <s>_names    the paths below `dir`, each ended by NUL
#   <s>_text     the files' bytes, one behind the other
# A changed file rebuilds the object; an added or removed one is noticed by CONFIGURE_DEPENDS. Paths of the building
# machine stay out: the assembler finds the files by include path.
function(tocsin_embed)
  cmake_parse_arguments(ARG "" "TARGET;SYMBOL;FOLDER" "" ${ARGN})
  file(GLOB_RECURSE names CONFIGURE_DEPENDS RELATIVE ${ARG_FOLDER} ${ARG_FOLDER}/*)
  list(FILTER names EXCLUDE REGEX "\\.md$")
  list(SORT names COMPARE STRING)
  list(LENGTH names count)
  set(name_lines "")
  set(size_lines "")
  set(text_lines "")
  set(files "")
  set(index 0)
  foreach(name IN LISTS names)
    string(APPEND name_lines "  .asciz \"${name}\"\n")
    string(APPEND size_lines "  .quad .Lend${index} - .Lbegin${index}\n")
    string(APPEND text_lines ".Lbegin${index}:\n  .incbin \"${name}\"\n.Lend${index}:\n")
    list(APPEND files ${ARG_FOLDER}/${name})
    math(EXPR index "${index} + 1")
  endforeach()
  set(symbol ${ARG_SYMBOL})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${ARG_SYMBOL}.S)
  configure_file(${CMAKE_SOURCE_DIR}/cmake/embed.S.in ${output} @ONLY)
  set_source_files_properties(${output} PROPERTIES OBJECT_DEPENDS "${files}" COMPILE_OPTIONS "-Wa,-I,${ARG_FOLDER}")
  target_sources(${ARG_TARGET} PRIVATE ${output})
endfunction()
