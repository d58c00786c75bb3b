// The readers of all formats, on an answer alone.

#include "core/patch/readers.hpp"

#include <cstdlib>

namespace {

using namespace pj::patch;

void require(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  options how;
  how.only = static_cast<format>(data[0] % 5);
  const std::string_view answer(reinterpret_cast<const char*>(data + 1),
                                size - 1);
  const auto read = read_answer(answer, how);
  require(!read.problem.empty() || !read.edits.empty());
  std::size_t bytes = 0;
  for (const auto& edit : read.edits) {
    bytes += edit.content.size();
    for (const auto& h : edit.hunks) {
      require(old_side(h).size() <= h.lines.size());
      for (const auto& l : h.lines)
        require(l.text.size() <= answer.size());
    }
  }
  require(bytes <= 2 * answer.size() + 16);
  return 0;
}
