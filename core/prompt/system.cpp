#include "core/prompt/prompt.hpp"

namespace pj::embedded {

extern const std::string_view system_prompt; ///< docker/system-prompt.md

} // namespace pj::embedded

namespace pj::prompt {

std::string_view built_in_system_prompt() noexcept {
  return embedded::system_prompt;
}

} // namespace pj::prompt
