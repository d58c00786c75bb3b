#include "core/patch/diff.hpp"
#include "core/patch/line.hpp"
#include "tests/unit/core/patch/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <random>

using namespace pj;
using namespace pj::test;

namespace {

using rng = std::mt19937;

std::size_t pick(rng& r, std::size_t n) {
  return std::uniform_int_distribution<std::size_t>(0, n - 1)(r);
}

/// A line of made-up code; few words, so that lines repeat.
std::string code_line(rng& r) {
  static const char* words[] = {"open",     "read",  "close", "if (a)",
                                "return x", "}",     "{",     "total += item",
                                "",         "# note"};
  std::string out(4 * pick(r, 4), ' ');
  out += words[pick(r, std::size(words))];
  if (pick(r, 3) > 0)
    out += " // " + std::to_string(pick(r, 60));
  return out;
}

using text = std::vector<std::string>;

text code(rng& r, std::size_t n) {
  text out;
  for (std::size_t i = 0; i < n; ++i)
    out.push_back(code_line(r));
  return out;
}

text edited(rng& r, text lines) {
  for (auto n = 1 + pick(r, 4); n > 0; --n) {
    const auto at = static_cast<std::ptrdiff_t>(pick(r, lines.size() + 1));
    if (pick(r, 2) == 0 || lines.empty())
      lines.insert(lines.begin() + at, code_line(r) + " new");
    else
      lines.erase(lines.begin() +
                  std::min(at, static_cast<std::ptrdiff_t>(lines.size()) - 1));
  }
  return lines;
}

std::string joined(const text& lines) {
  std::string out;
  for (const auto& l : lines)
    out += l + "\n";
  return out;
}

std::string diff_of(const std::string& before, const std::string& target) {
  file_change c;
  c.path = "a.txt";
  c.before = before;
  c.content = target;
  return to_unified_diff({{c}, {}, {}});
}

using mangle = std::function<std::string(rng&, std::string)>;

/// Does something to every line of the diff's hunks.
std::string each_line(const std::string& diff,
                      const std::function<std::string(std::string)>& change) {
  std::string out;
  for (const auto& l : patch::split_lines(diff)) {
    const bool body = !l.text.starts_with("diff") &&
                      !l.text.starts_with("---") &&
                      !l.text.starts_with("+++") && !l.text.starts_with("@@");
    out += (body ? change(std::string(l.text)) : std::string(l.text)) + "\n";
  }
  return out;
}

std::string wrong_counts(rng& r, std::string diff) {
  std::string out;
  for (const auto& l : patch::split_lines(diff)) {
    std::string said(l.text);
    if (said.starts_with("@@"))
      said = said.substr(0, said.find(',')) + "," +
             std::to_string(pick(r, 30)) + " +1," +
             std::to_string(pick(r, 30)) + " @@";
    out += said + "\n";
  }
  return out;
}

std::string fenced(rng&, std::string diff) {
  return "Here is the change:\n\n```diff\n" + diff + "```\n\nDone.\n";
}

std::string crlf(rng&, std::string diff) {
  std::string out;
  for (const auto& l : patch::split_lines(diff))
    out += std::string(l.text) + "\r\n";
  return out;
}

std::string bare_blanks(rng&, std::string diff) {
  return each_line(diff, [](std::string l) { return l == " " ? "" : l; });
}

/// Blanks at the end of context and removed lines only.
std::string trailing(rng& r, std::string diff) {
  return each_line(diff, [&r](std::string l) {
    return l.starts_with('+') || pick(r, 3) > 0 ? l : l + "  ";
  });
}

std::string no_prefix(rng&, std::string diff) {
  std::string out;
  for (const auto& l : patch::split_lines(diff)) {
    std::string said(l.text);
    if (said.starts_with("diff"))
      continue;
    if (said.starts_with("--- a/") || said.starts_with("+++ b/"))
      said = said.substr(0, 4) + said.substr(6);
    out += said + "\n";
  }
  return out;
}

/// Every line of the hunks moved right.
std::string shifted(rng&, std::string diff) {
  return each_line(diff, [](std::string l) {
    return l.size() > 1 ? l.substr(0, 1) + "    " + l.substr(1) : l;
  });
}

std::string untouched(rng&, std::string diff) {
  return diff;
}

std::string not_one_of_two(const outcome& out, const std::string& before,
                           const std::string& target) {
  const auto& now = out.files.at("a.txt");
  if (out.applied ? now == target : now == before)
    return {};
  return "a third thing:\n" + now;
}

} // namespace

TEST_CASE("a mangled diff gives the target or is refused, never a third"
          " thing",
          "[patch][property]") {
  const std::pair<const char*, mangle> all[] = {
    {"untouched", untouched},     {"wrong counts", wrong_counts},
    {"fenced", fenced},           {"crlf", crlf},
    {"bare blanks", bare_blanks}, {"trailing", trailing},
    {"no prefix", no_prefix},     {"shifted", shifted}};
  int applied = 0;
  for (unsigned seed = 1; seed <= 1'500; ++seed) {
    rng r(seed);
    const auto lines = code(r, 5 + pick(r, 60));
    const auto before = joined(lines);
    const auto target = joined(edited(r, lines));
    if (before == target)
      continue;
    const auto& [name, how] = all[seed % std::size(all)];
    const auto answer = how(r, diff_of(before, target));
    const auto out = run({{"a.txt", before}}, answer);
    applied += out.applied;
    INFO("seed " << seed << ", " << name << "\n" << answer);
    CHECK(not_one_of_two(out, before, target).empty());
  }
  CHECK(applied > 1'200);
}

TEST_CASE("two mangles at once", "[patch][property]") {
  const mangle all[] = {wrong_counts, fenced, crlf, bare_blanks, trailing};
  for (unsigned seed = 1; seed <= 500; ++seed) {
    rng r(seed);
    const auto lines = code(r, 5 + pick(r, 60));
    const auto before = joined(lines);
    const auto target = joined(edited(r, lines));
    auto answer = diff_of(before, target);
    const auto first = pick(r, 5);
    answer = all[first](r, answer);
    if (first != 1)
      answer = all[(first + 1 + pick(r, 4)) % 5](r, answer);
    const auto out = run({{"a.txt", before}}, answer);
    INFO("seed " << seed << "\n" << answer);
    CHECK(not_one_of_two(out, before, target).empty());
  }
}

TEST_CASE("search and replace gives the target or is refused",
          "[patch][property]") {
  int applied = 0;
  for (unsigned seed = 1; seed <= 500; ++seed) {
    rng r(seed);
    const auto lines = code(r, 10 + pick(r, 40));
    const auto from = pick(r, lines.size() - 3);
    const auto to =
      from + 1 + pick(r, std::min<std::size_t>(8, lines.size() - from - 1));
    const text old(lines.begin() + static_cast<std::ptrdiff_t>(from),
                   lines.begin() + static_cast<std::ptrdiff_t>(to));
    const auto fresh = edited(r, old);
    text target(lines.begin(),
                lines.begin() + static_cast<std::ptrdiff_t>(from));
    target.insert(target.end(), fresh.begin(), fresh.end());
    target.insert(target.end(), lines.begin() + static_cast<std::ptrdiff_t>(to),
                  lines.end());
    const auto answer = "a.txt\n<<<<<<< SEARCH\n" + joined(old) + "=======\n" +
                        joined(fresh) + ">>>>>>> REPLACE\n";
    const auto out = run({{"a.txt", joined(lines)}}, answer);
    applied += out.applied;
    INFO("seed " << seed << "\n" << answer);
    CHECK(not_one_of_two(out, joined(lines), joined(target)).empty());
  }
  CHECK(applied > 200);
}

TEST_CASE("random bytes in an answer never do harm", "[patch][property]") {
  for (unsigned seed = 1; seed <= 1'000; ++seed) {
    rng r(seed);
    const auto lines = code(r, 5 + pick(r, 30));
    const auto before = joined(lines);
    auto answer = diff_of(before, joined(edited(r, lines)));
    for (auto n = pick(r, 6); n > 0 && !answer.empty(); --n)
      answer[pick(r, answer.size())] = static_cast<char>(pick(r, 256));
    const auto out = run({{"a.txt", before}}, answer);
    if (!out.applied)
      CHECK(out.files.at("a.txt") == before);
  }
}
