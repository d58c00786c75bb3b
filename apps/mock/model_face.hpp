#pragma once
#include "apps/mock/face.hpp"

#include <memory>
#include <string>

namespace pj::doubles {

/// The model providers: Chat Completions (also Azure's two forms), Responses,
/// Messages and OpenRouter on one port, told apart by path.
std::unique_ptr<face> make_model_face(backstage tools, std::string key);

} // namespace pj::doubles
