#pragma once
#include "adapters/github/repository_lister.hpp"
#include "core/spec/environment.hpp"

#include <memory>

namespace pj::batch {

/// Lists repositories by the GitHub API that the settings name, with their
/// token. Connects to nothing before it is asked; failures come then.
std::unique_ptr<repository_lister> make_lister(const settings& in_force);

} // namespace pj::batch
