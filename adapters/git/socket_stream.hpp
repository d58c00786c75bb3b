#pragma once
#include "core/result.hpp"

namespace pj::git {

/// Lets libgit2 speak over sockets of ours, below its TLS as well. Its own
/// write each chunk of a push by itself, three sends for a few bytes, and do
/// not turn Nagle's algorithm off: every push waits 40 ms for an
/// acknowledgement that the server delays. Ours collect what is written until
/// an answer is wanted. To be called once, after `git_libgit2_init`.
result<done> use_our_sockets();

} // namespace pj::git
