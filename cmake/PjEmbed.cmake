# pj_embed(TARGET FILE SYMBOL): puts a text file into the program. A source of
# the target declares it and reads it:
#   namespace pj::embedded { extern const std::string_view SYMBOL; }
# Configuring runs again when the file changes.
function(pj_embed target file symbol)
  get_filename_component(file "${file}" ABSOLUTE BASE_DIR "${PROJECT_SOURCE_DIR}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  file(READ "${file}" text)
  set(source "${CMAKE_BINARY_DIR}/embedded/${symbol}.cpp")
  file(CONFIGURE OUTPUT "${source}" @ONLY NEWLINE_STYLE UNIX CONTENT
[[#include <string_view>
namespace pj::embedded {
extern const std::string_view @symbol@;
constinit const std::string_view @symbol@ = R"pj_embedded(@text@)pj_embedded";
} // namespace pj::embedded
]])
  target_sources(${target} PRIVATE "${source}")
endfunction()
