# pj_library(NAME DIR...): a static library of every source below the folders.
add_library(pj_flags INTERFACE)
target_include_directories(pj_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_features(pj_flags INTERFACE cxx_std_20)
target_compile_options(pj_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  $<$<BOOL:${PJ_WERROR}>:-Werror>)

function(pj_sources out)
  set(found)
  foreach(dir IN LISTS ARGN)
    file(GLOB_RECURSE some CONFIGURE_DEPENDS "${dir}/*.cpp")
    list(APPEND found ${some})
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
endfunction()
