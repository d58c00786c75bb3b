#pragma once
#include "core/result.hpp"

namespace pj {
struct git_options;
}

namespace pj::git {

/// Starts libgit2 and sets what it keeps per process: time-outs, trusted
/// certificates, and that no configuration of this machine is read. May be
/// called again. Never shut down: trees may outlive the port they came from.
/// Fails when the certificates cannot be used.
result<done> start_library(const git_options& options);

} // namespace pj::git
