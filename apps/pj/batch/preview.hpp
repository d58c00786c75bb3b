#pragma once
#include "apps/pj/batch/load.hpp"

#include <cstddef>
#include <string>

namespace pj::batch {

/// What a batch comes to, for people; the first `most` tasks.
std::string preview_text(const loaded_batch& batch, std::size_t most);

/// The same for machines, with what is wrong: one JSON object.
std::string preview_json(const loaded_batch& batch, const problem_log& problems,
                         std::size_t most);

} // namespace pj::batch
