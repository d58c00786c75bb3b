#include "core/task/body_template.hpp"

#include "core/task/text.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;

namespace {

std::string filled(const std::string& text, task_spec spec = {},
                   const task_outcome& outcome = {}) {
  spec.id = "t1";
  spec.prompt = spec.prompt.empty() ? "Do it" : spec.prompt;
  spec.github_owner = "acme";
  spec.github_name = "shop";
  spec.pr_template = text;
  return pull_request_body(spec, outcome);
}

} // namespace

TEST_CASE("template: placeholders are filled in") {
  task_outcome o;
  o.model = "openai/gpt-4o";
  o.base = "main";
  o.cost_usd = 0.0123;
  o.tokens.input_tokens = 5;
  o.files = {"a", "b"};
  check_report one;
  one.line = "tests: passed";
  o.checks = {one};
  CHECK(filled("{{task.id}} {{ prompt }} {{model}} {{cost}} {{tokens.in}}\n"
               "{{files}}\n{{checks}}\n{{risky}} {{base}} {{repository}}",
               {}, o) ==
        "t1 Do it openai/gpt-4o $0.0123 5\n- a\n- b\n- tests: passed\nnone "
        "main acme/shop");
}

TEST_CASE("template: the built-in body may be a part of it") {
  const auto plain = filled("");
  CHECK(plain.starts_with("Task: `t1`"));
  CHECK(filled("<!-- x -->\n{{body}}") == "<!-- x -->\n" + plain);
}

TEST_CASE("template: what a value says is no placeholder") {
  task_spec spec;
  spec.prompt = "write {{task.id}} and {{nonsense}}";
  CHECK(filled("{{prompt}}", spec) == spec.prompt);
}

TEST_CASE("template: an unknown placeholder is one clear line") {
  CHECK(check_body_template("{{task.id}} {single} {{ \n }} }} {{"));
  const auto bad = check_body_template("ok\nhere {{promt}}\n");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().what.starts_with(
    "line 2 has the unknown placeholder {{promt}}; there are {{task.id}}, "
    "{{prompt}}, "));
  CHECK(bad.error().what.find('\n') == std::string::npos);
  CHECK_FALSE(check_body_template("{{}}"));
  CHECK(check_body_template("${{ secrets.TOKEN }} \\{{ .Values.x }}"));
  CHECK_FALSE(check_body_template("\xff"));
}

TEST_CASE("template: GitHub's bound is kept") {
  task_spec spec;
  spec.prompt = std::string(100'000, 'x');
  const auto body = filled("{{prompt}}{{prompt}}", spec);
  CHECK(body.size() <= 65'536);
  CHECK(body.ends_with("…\n"));
}
