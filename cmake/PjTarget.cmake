# pj_library(NAME DIR...): a static library of every source below the folders.
add_library(pj_flags INTERFACE)
target_include_directories(pj_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_features(pj_flags INTERFACE cxx_std_20)
target_compile_options(pj_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  $<$<BOOL:${PJ_WERROR}>:-Werror>)
# g++ (12 and 14 seen) sees short strings overrun where none are, once their
# headers come precompiled (GCC bug 105329 and its kin); clang still looks.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(pj_flags INTERFACE
    -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()

function(pj_sources out)
  set(found)
  foreach(dir IN LISTS ARGN)
    file(GLOB_RECURSE some CONFIGURE_DEPENDS "${dir}/*.cpp")
    list(APPEND found ${some})
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
endfunction()
