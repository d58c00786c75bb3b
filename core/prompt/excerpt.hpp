#pragma once
#include "core/prompt/document.hpp"
#include "core/prompt/rank.hpp"
#include "core/prompt/render.hpp"
#include "core/prompt/words.hpp"

#include <cstdint>
#include <vector>

namespace pj::prompt {

/// The whole file as a block.
block whole(const document& file);

/// `cost_of` of that block, without making it.
std::uint64_t cost_of_whole(const document& file);

/// The parts of a file that the task is about, in order, for at most `budget`
/// tokens: its first lines, and windows around the lines and symbols with the
/// task's words. A file without any of them shows its beginning.
std::vector<block> excerpts(const document& file, const query& words,
                            const ranking& ranks, std::uint64_t budget);

} // namespace pj::prompt
