#include "core/placeholders.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

std::optional<std::string> value(std::string_view name) {
  if (name == "a")
    return "A";
  if (name == "braces")
    return "{{a}}";
  return std::nullopt;
}

} // namespace

TEST_CASE("placeholders are filled in once") {
  struct row {
    const char* text;
    const char* filled;
  };
  const row rows[] = {
    {"", ""},
    {"x{{a}}y", "xAy"},
    {"{{ a }}{{a}}", "AA"},
    {"{{braces}}", "{{a}}"},
    {"{{b}}", "{{b}}"},
    {"{{a\n}}", "{{a\n}}"},
    {"{{a} }}", "{{a} }}"},
    {"{{a", "{{a"},
    {"${{a}}", "${{a}}"},
    {"\\{{a}}", "{{a}}"},
    {"\\{{a}}{{a}}", "{{a}}A"},
    {"{{{a}}}", "{{{a}}}"},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    CHECK(pj::fill_placeholders(r.text, value) == r.filled);
  }
}

TEST_CASE("what is filled in first is no template for what comes later") {
  const auto first =
    pj::fill_some_placeholders("{{braces}} \\{{a}} {{b}}", value);
  CHECK(first == "\\{{a}} \\{{a}} {{b}}");
  CHECK(pj::fill_placeholders(first, value) == "{{a}} {{a}} {{b}}");
}
