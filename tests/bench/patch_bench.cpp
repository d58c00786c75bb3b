// The patch engine in process: answers per second on a mix, a miss on big
// files, memory, and git apply beside it.
//
// PJ_PATCH_CASES may name a folder of cases, each a folder with the answer
// `raw.txt` and the files before in `pre/`; they are measured as "cases".

#include "tests/unit/core/patch/memory_tree.hpp"

#include <benchmark/benchmark.h>

#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace {

using namespace pj;
namespace fs = std::filesystem;

struct one_case {
  test::memory_tree tree;
  std::string answer;
};

std::string made_up_line(std::mt19937& r, std::size_t i) {
  static const char* shapes[] = {"def handle_", "    value = compute_",
                                 "    return self.item_", "        if check_",
                                 "    # about "};
  return shapes[r() % 5] + std::to_string(r() % 3'000) + "(x, " +
         std::to_string(i) + ")";
}

std::string file_of(std::size_t lines, unsigned seed) {
  std::mt19937 r(seed);
  std::string out;
  for (std::size_t i = 0; i < lines; ++i)
    out += i % 9 == 8 ? "\n" : made_up_line(r, i) + "\n";
  return out;
}

std::string with_lines_changed(std::string text, std::mt19937& r) {
  for (int n = 0; n < 3; ++n) {
    const auto at = text.find('\n', r() % text.size());
    if (at != text.npos)
      text.insert(at + 1, "    added = " + std::to_string(r() % 1'000) + "\n");
  }
  return text;
}

/// A third each exact, with wrong numbers, and moved right by a tab stop.
std::string as_a_model_writes(std::string diff, unsigned kind) {
  std::string out;
  std::size_t at = 0;
  while (at < diff.size()) {
    const auto end = diff.find('\n', at);
    auto line = diff.substr(at, end - at);
    if (kind == 1 && line.starts_with("@@"))
      line = "@@ -1,3 +1,9 @@";
    if (kind == 2 && line.size() > 1 && line[0] == ' ')
      line += "  ";
    out += line + "\n";
    at = end + 1;
  }
  return "Here is the change.\n\n```diff\n" + out + "```\n";
}

std::vector<one_case> made_up_cases() {
  std::vector<one_case> out;
  for (unsigned i = 0; i < 60; ++i) {
    std::mt19937 r(i);
    file_change c;
    c.path = "src/module.py";
    c.before = file_of(200 + r() % 1'500, i);
    c.content = with_lines_changed(c.before, r);
    const auto diff = to_unified_diff({{c}, {}, {}});
    out.push_back({test::memory_tree(test::file_map{{c.path, c.before}}),
                   as_a_model_writes(diff, i % 3)});
  }
  return out;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<one_case> cases_of(const fs::path& root) {
  std::vector<one_case> out;
  for (const auto& dir : fs::directory_iterator(root)) {
    test::file_map files;
    if (fs::is_directory(dir.path() / "pre"))
      for (const auto& f : fs::recursive_directory_iterator(dir.path() / "pre"))
        if (f.is_regular_file())
          files[f.path().lexically_relative(dir.path() / "pre").string()] =
            read(f.path());
    if (fs::exists(dir.path() / "raw.txt"))
      out.push_back(
        {test::memory_tree(std::move(files)), read(dir.path() / "raw.txt")});
  }
  return out;
}

void plan_all(benchmark::State& state, const std::vector<one_case>& cases) {
  std::int64_t placed = 0;
  for (auto _ : state)
    for (const auto& c : cases) {
      const auto verdict = patch::read_and_plan(c.answer, c.tree);
      placed += std::holds_alternative<patch::plan>(verdict);
    }
  const auto n = static_cast<std::int64_t>(cases.size());
  state.SetItemsProcessed(state.iterations() * n);
  state.counters["placed"] =
    static_cast<double>(placed) / static_cast<double>(state.iterations() * n);
}

void answers(benchmark::State& state) {
  plan_all(state, made_up_cases());
}
BENCHMARK(answers)->Unit(benchmark::kMillisecond);

void cases(benchmark::State& state) {
  const char* root = std::getenv("PJ_PATCH_CASES");
  if (!root)
    return state.SkipWithError("PJ_PATCH_CASES names no folder of cases");
  plan_all(state, cases_of(root));
}
BENCHMARK(cases)->Unit(benchmark::kMillisecond);

/// An edit whose old text is not in the file: every tier is tried, and the
/// most similar lines are looked for.
void miss(benchmark::State& state) {
  const auto lines = static_cast<std::size_t>(state.range(0));
  const test::memory_tree tree(test::file_map{{"a.py", file_of(lines, 1)}});
  const std::string answer = "--- a/a.py\n+++ b/a.py\n@@ -10,5 +10,5 @@\n"
                             " def handle_17(x, 5):\n"
                             "-    value = compute_never(y, 17)\n"
                             "+    value = 0\n     return self.item_9(x, 9)\n";
  for (auto _ : state) {
    const auto verdict = patch::read_and_plan(answer, tree);
    if (!std::holds_alternative<patch::refusal>(verdict))
      state.SkipWithError("the edit was placed");
  }
  state.SetComplexityN(state.range(0));
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  state.counters["peak_MB"] = static_cast<double>(use.ru_maxrss) / 1024;
}
BENCHMARK(miss)
  ->Unit(benchmark::kMillisecond)
  ->Arg(1'000)
  ->Arg(10'000)
  ->Arg(30'000)
  ->Arg(50'000)
  ->Arg(100'000)
  ->Arg(150'000)
  ->Arg(200'000)
  ->Complexity(benchmark::oN);

/// Ten edits spread over a file of the given size.
void hits(benchmark::State& state) {
  const auto lines = static_cast<std::size_t>(state.range(0));
  file_change c;
  c.path = "a.py";
  c.before = c.content = file_of(lines, 2);
  for (int i = 9; i > 0; --i)
    c.content.insert(c.content.find('\n', c.content.size() / 10 *
                                            static_cast<std::size_t>(i)) +
                       1,
                     "    added line\n");
  const auto answer = to_unified_diff({{c}, {}, {}});
  const test::memory_tree tree(test::file_map{{c.path, c.before}});
  for (auto _ : state) {
    const auto verdict = patch::read_and_plan(answer, tree);
    if (!std::holds_alternative<patch::plan>(verdict))
      state.SkipWithError("the edits were not placed");
  }
  state.SetComplexityN(state.range(0));
}
BENCHMARK(hits)
  ->Unit(benchmark::kMillisecond)
  ->Arg(1'000)
  ->Arg(10'000)
  ->Arg(30'000)
  ->Arg(50'000)
  ->Arg(100'000)
  ->Arg(150'000)
  ->Arg(200'000)
  ->Complexity(benchmark::oN);

class scratch {
public:
  scratch() {
    std::string name = (fs::temp_directory_path() / "pj-bench-XXXXXX").string();
    if (::mkdtemp(name.data()))
      path = name;
  }
  ~scratch() {
    if (!path.empty())
      fs::remove_all(path);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  fs::path path;
};

/// git on the exact part of the mix, joined into one patch so that starting
/// the process hardly counts. It only checks, as the engine only plans.
void git_apply(benchmark::State& state) {
  const scratch dir;
  std::ofstream joined(dir.path / "all.patch", std::ios::binary);
  constexpr unsigned count = 600;
  for (unsigned i = 0; i < count; ++i) {
    std::mt19937 r(i);
    file_change c;
    c.path = "m" + std::to_string(i) + ".py";
    c.before = file_of(200 + r() % 1'500, i);
    c.content = with_lines_changed(c.before, r);
    std::ofstream(dir.path / c.path, std::ios::binary) << c.before;
    joined << to_unified_diff({{c}, {}, {}});
  }
  joined.close();
  const auto command =
    "cd '" + dir.path.string() + "' && git apply --check all.patch";
  for (auto _ : state)
    if (std::system(command.c_str()) != 0)
      return state.SkipWithError("git apply failed");
  state.SetItemsProcessed(state.iterations() * count);
}
BENCHMARK(git_apply)->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace
