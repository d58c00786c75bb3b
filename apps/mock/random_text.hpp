#pragma once
#include <string>

namespace pj::doubles {

/// `prefix` and 32 random hex digits. Throws when there is no randomness.
std::string random_text(const std::string& prefix);

} // namespace pj::doubles
