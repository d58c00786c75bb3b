#pragma once
#include "core/spec/task_spec.hpp"

#include <string>

namespace pj::batch {

/// The same for all ways to write the URL of one repository: host, port and
/// path, small letters where the server does not tell them apart.
std::string repository_key(const repo_url& repo);

/// "owner/name", or what the URL says of it.
std::string repository_name(const repo_url& repo);

} // namespace pj::batch
