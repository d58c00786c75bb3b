// What docs/ says of a batch is what the reader does.
#include "core/batch/task_list.hpp"
#include "said.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <set>
#include <sstream>

using namespace pj::batch;
using nlohmann::json;

namespace {

std::string document(const std::string& name) {
  const std::ifstream file(PJ_SOURCE_DIR "/docs/" + name);
  std::ostringstream out;
  out << file.rdbuf();
  REQUIRE_FALSE(out.str().empty());
  return out.str();
}

void add_keys(const json& schema, const std::string& before,
              std::set<std::string>& out) {
  const auto& properties = schema.value("properties", json::object());
  for (const auto& [key, value] : properties.items()) {
    out.insert(before + key);
    add_keys(value, before + key + '.', out);
  }
  for (const auto& choice : schema.value("anyOf", json::array()))
    add_keys(choice, before, out);
  if (schema.contains("items"))
    add_keys(schema["items"], before.substr(0, before.size() - 1) + "[].", out);
}

std::vector<std::string> blocks(const std::string& text,
                                const std::string& language) {
  std::vector<std::string> out;
  const auto fence = "```" + language + "\n";
  for (auto at = text.find(fence); at != text.npos; at = text.find(fence, at)) {
    at += fence.size();
    out.push_back(text.substr(at, text.find("```", at) - at));
  }
  return out;
}

spec read(const std::string& yaml) {
  problem_log problems;
  auto out = read_spec(yaml, "BATCH.md", problems);
  INFO(told(problems));
  CHECK(problems.empty());
  return out;
}

} // namespace

TEST_CASE("the schema has the keys that the reader knows, and no others") {
  std::set<std::string> described;
  add_keys(json::parse(document("batch.schema.json")), "", described);
  const auto known = spec_keys();
  for (const auto& key : known) {
    INFO(key);
    CHECK(described.count(key) == 1);
  }
  for (const auto& key : described) {
    INFO(key);
    CHECK(std::find(known.begin(), known.end(), key) != known.end());
  }
}

TEST_CASE("the examples of the documentation can be read") {
  const auto text = document("BATCH.md");
  const auto yaml = blocks(text, "yaml");
  REQUIRE(yaml.size() == 2);
  CHECK(read(yaml[0]).repositories.size() == 2);
  const auto full = read(yaml[1]);
  CHECK(full.repositories.size() == 9);
  CHECK(full.limits.max_open_prs == 50u);
  CHECK(full.publish == publishing::draft);
}

TEST_CASE("the full example and the table leave no key out") {
  const auto text = document("BATCH.md");
  for (const auto& key : spec_keys()) {
    const auto name = key.substr(key.rfind('.') + 1);
    INFO(key);
    CHECK((text.find('`' + name) != text.npos || text.find(key) != text.npos ||
           text.find("  " + name + ":") != text.npos));
  }
}

TEST_CASE("the documented file of tasks can be read") {
  const auto lines = blocks(document("BATCH.md"), "json");
  REQUIRE(lines.size() == 1);
  problem_log problems;
  const auto s = read_spec("name: b\ntasks: t\n", "b.yaml", problems);
  const auto list = read_task_lines(s, lines[0], "t", {},
                                    pj::llm::model_table::built_in(), problems);
  INFO(told(problems));
  CHECK(problems.empty());
  CHECK(list.tasks.size() == 2);
}

TEST_CASE("the documentation names every placeholder") {
  const auto text = document("BATCH.md");
  problem_log problems;
  read_spec("name: a\nrepositories: [https://h/a/b]\nprompt: '{{?}}'\n", "x",
            problems);
  REQUIRE(problems.count() == 1);
  const auto& told = problems.kept()[0].what;
  for (auto at = told.find("{{", 15); at != told.npos;
       at = told.find("{{", at + 2)) {
    const auto end = told.find("}}", at);
    if (end == told.npos)
      break;
    CHECK(text.find(told.substr(at, end + 2 - at)) != text.npos);
  }
}
