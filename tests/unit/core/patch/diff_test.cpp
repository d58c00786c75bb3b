#include "core/patch/diff.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>
#include <string>

using namespace pj::patch;

namespace {

using lines = std::vector<std::string_view>;

lines patched(const lines& before, const lines& after) {
  lines out;
  std::size_t at = 0;
  for (const auto& c : line_diff(before, after)) {
    out.insert(out.end(), before.begin() + static_cast<std::ptrdiff_t>(at),
               before.begin() + c.old_at);
    out.insert(out.end(), after.begin() + c.new_at,
               after.begin() + c.new_at + c.new_count);
    at = c.old_at + c.old_count;
  }
  out.insert(out.end(), before.begin() + static_cast<std::ptrdiff_t>(at),
             before.end());
  return out;
}

std::size_t cost(const lines& before, const lines& after) {
  std::size_t n = 0;
  for (const auto& c : line_diff(before, after))
    n += c.old_count + c.new_count;
  return n;
}

/// By the textbook, in quadratic time.
std::size_t least_cost(const lines& a, const lines& b) {
  std::vector<std::vector<std::size_t>> t(
    a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j)
      if (i == 0 || j == 0)
        t[i][j] = i + j;
      else if (a[i - 1] == b[j - 1])
        t[i][j] = t[i - 1][j - 1];
      else
        t[i][j] = 1 + std::min(t[i - 1][j], t[i][j - 1]);
  return t[a.size()][b.size()];
}

} // namespace

TEST_CASE("a diff turns one text into the other at the least cost",
          "[patch][diff]") {
  static const char* words[] = {"a", "b", "c", "d"};
  for (unsigned seed = 0; seed < 400; ++seed) {
    std::mt19937 r(seed);
    auto some = [&r] {
      lines out(r() % 14);
      for (auto& l : out)
        l = words[r() % 4];
      return out;
    };
    const auto before = some();
    const auto after = some();
    INFO("seed " << seed);
    CHECK(patched(before, after) == after);
    CHECK(cost(before, after) == least_cost(before, after));
  }
}

TEST_CASE("equal texts have no changes, empty ones one", "[patch][diff]") {
  const lines some = {"a", "b"};
  CHECK(line_diff(some, some).empty());
  CHECK(line_diff({}, {}).empty());
  REQUIRE(line_diff({}, some).size() == 1);
  CHECK(line_diff({}, some).front().new_count == 2);
}

TEST_CASE("very different texts stay cheap and right", "[patch][diff]") {
  std::vector<std::string> left;
  std::vector<std::string> right;
  for (int i = 0; i < 20'000; ++i) {
    left.push_back("l" + std::to_string(i % 7'000));
    right.push_back("r" + std::to_string(i % 7'000));
  }
  const lines before(left.begin(), left.end());
  const lines after(right.begin(), right.end());
  CHECK(patched(before, after) == after);
}

TEST_CASE("many small changes in a long text are found one by one",
          "[patch][diff]") {
  std::vector<std::string> left;
  std::vector<std::string> right;
  for (int i = 0; i < 6'000; ++i) {
    left.push_back("line " + std::to_string(i));
    right.push_back(i % 3 == 0 ? "new " + std::to_string(i) : left.back());
  }
  const lines before(left.begin(), left.end());
  const lines after(right.begin(), right.end());
  CHECK(patched(before, after) == after);
  CHECK(cost(before, after) == 4'000);
}
