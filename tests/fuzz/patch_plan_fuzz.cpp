// The whole engine: a file, an answer, and what must hold of every verdict.
// Input: one byte for the format, the file, a line `%%%%`, the answer.

#include "core/patch/paths.hpp"
#include "tests/unit/core/patch/memory_tree.hpp"

#include <cstdlib>

namespace {

using namespace pj;
using namespace pj::patch;

void require(bool holds) {
  if (!holds)
    std::abort();
}

void check(const change_set& change) {
  for (const auto& c : change.files) {
    require(unsafe_path(c.path).empty());
    require(c.path != "link" && !c.path.starts_with("link/"));
    require(c.kind != change_kind::modify || c.content != c.before ||
            c.mode != file_mode::regular);
  }
  (void)to_unified_diff(change);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  constexpr std::string_view parting = "\n%%%%\n";
  if (size == 0)
    return 0;
  const std::string_view all(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto at = all.find(parting);
  if (at == all.npos)
    return 0;
  const std::string file(all.substr(0, at));
  const auto answer = all.substr(at + parting.size());
  test::memory_tree tree(
    {{"a.txt", file}, {"link", "a.txt"}, {"src/b.py", file}});
  tree.with_mode("link", file_mode::symlink);
  options how;
  how.only = static_cast<format>(data[0] % 5);
  const auto verdict = read_and_plan(answer, tree, how);
  if (const auto* yes = std::get_if<plan>(&verdict)) {
    check(yes->change);
    return 0;
  }
  const auto& no = std::get<refusal>(verdict);
  require(no.reason.find("patch") != no.reason.npos);
  require(no.reason.find('\n') == no.reason.npos);
  require(!no.for_model.empty() && no.for_model.size() <= 12'000);
  check(no.staged);
  how.staged = &no.staged;
  (void)read_and_plan(answer, tree, how);
  return 0;
}
