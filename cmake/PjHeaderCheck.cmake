# `cmake --build … --target header_check` compiles every header alone.
add_library(header_check OBJECT EXCLUDE_FROM_ALL)
target_link_libraries(header_check PRIVATE pj_core pj_messages pj_adapters pj_actors)
file(GLOB_RECURSE pj_headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
  core/*.hpp messages/*.hpp adapters/*.hpp actors/*.hpp apps/*.hpp)
foreach(header IN LISTS pj_headers)
  string(REPLACE "/" "__" name "${header}")
  set(alone "${CMAKE_BINARY_DIR}/header_check/${name}.cpp")
  if(NOT EXISTS "${alone}")
    file(WRITE "${alone}" "#include \"${header}\"\n#include \"${header}\"\n")
  endif()
  target_sources(header_check PRIVATE "${alone}")
endforeach()
