#pragma once
#include "apps/pj/batch/journal.hpp"

#include <filesystem>
#include <string>

namespace pj::batch {

/// Where a batch's page is, in the folder of its journal.
std::filesystem::path page_of(const std::filesystem::path& batch_folder);

/// The page about a batch as its journal has it, with what its log tells.
result<std::string> page_about(const accepted& all,
                               const std::filesystem::path& batch_folder);

} // namespace pj::batch
