option(PJ_PRECOMPILE "Precompile the headers that most files of a target read" ON)

# The standard headers that most files of the house read.
set(PJ_STANDARD_HEADERS <algorithm> <chrono> <functional> <map> <memory>
  <optional> <string> <string_view> <unordered_map> <utility> <variant> <vector>)

# pj_precompile(TARGET [HEADER...]): these and the standard ones, once for all of
# the target's files. ccache needs to be told that macros of a precompiled header
# may be ignored, and its preprocessed form.
function(pj_precompile target)
  if(NOT PJ_PRECOMPILE)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE ${PJ_STANDARD_HEADERS} ${ARGN})
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
    $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
endfunction()
