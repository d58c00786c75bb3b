// docs/FAULTS.md and the tests name each other.
#include "fault_table.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace pj::test;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// All tests' sources, without white space: long names are broken into lines.
std::string squeezed_sources() {
  std::string out;
  for (const auto& entry :
       fs::recursive_directory_iterator(PJ_SOURCE_DIR "/tests"))
    if (entry.path().extension() == ".cpp")
      out += text_of(entry.path());
  std::erase_if(out, [](char c) { return c == ' ' || c == '\n'; });
  for (auto at = out.find("\"\""); at != out.npos; at = out.find("\"\"", at))
    out.erase(at, 2);
  return out;
}

std::vector<std::string> tests_in(const fs::path& file) {
  constexpr std::string_view start = "TEST_CASE(\"";
  const auto text = text_of(file);
  std::vector<std::string> out;
  for (auto at = text.find(start); at != text.npos;
       at = text.find(start, at + 1)) {
    const auto from = at + start.size();
    out.push_back(text.substr(from, text.find('"', from) - from));
  }
  return out;
}

} // namespace

TEST_CASE("every row of docs/FAULTS.md is a test, every fault test a row") {
  const auto rows = documented_faults();
  REQUIRE(rows.size() > 50);
  const auto sources = squeezed_sources();
  for (auto name : rows) {
    INFO(name);
    CHECK(std::count(rows.begin(), rows.end(), name) == 1);
    std::erase(name, ' ');
    CHECK(has(sources, "\"" + name + "\")"));
  }
  for (const auto* edge : {"model", "github", "git", "webhook"})
    for (const auto& name :
         tests_in(fs::path(PJ_SOURCE_DIR "/tests/pipeline/fault_" +
                           std::string(edge) + "_test.cpp"))) {
      INFO(name);
      CHECK(std::find(rows.begin(), rows.end(), name) != rows.end());
    }
}
