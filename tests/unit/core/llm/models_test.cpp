#include "core/llm/models.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

using namespace pj;
using namespace pj::llm;
using Catch::Matchers::WithinAbs;

TEST_CASE("models: the built-in table is sound") {
  const auto& table = model_table::built_in();
  CHECK(table.default_model(provider_id::openai) == "gpt-4o");
  CHECK(!table.default_model(provider_id::anthropic).empty());
  CHECK(!table.default_model(provider_id::openrouter).empty());
  for (const auto& e : table.entries) {
    CAPTURE(e.name);
    CHECK(e.max_output_tokens < e.window);
    if (!e.cost)
      continue;
    CHECK(e.cost->input <= e.cost->output);
    CHECK(e.cost->cached <= e.cost->input);
    CHECK(e.cost->cache_write >= e.cost->input);
  }
}

TEST_CASE("models: the exact name wins, then the longest wildcard") {
  const auto table =
    *model_table::with_overrides("openai:\n"
                                 "  fam-*: {window: 1000, max_output: 100}\n"
                                 "  fam-big-*: {window: 2000}\n"
                                 "  fam-big-1: {window: 3000}\n");
  const auto window = [&](const char* name) {
    return table.find(provider_id::openai, name).window;
  };
  CHECK(window("fam-small") == 1000);
  CHECK(window("fam-big-2") == 2000);
  CHECK(window("fam-big-1") == 3000);
  CHECK(table.find(provider_id::openai, "fam-big-1").max_output_tokens == 100);
  CHECK(table.find(provider_id::openai, "fam-big-9").name == "fam-big-9");
  CHECK_FALSE(table.find(provider_id::openai, "fam-big-9").window_is_guess);
}

TEST_CASE("models: an unknown model gets a careful guess without a price") {
  const auto e = model_table::built_in().find(provider_id::openai, "mystery");
  CHECK(e.name == "mystery");
  CHECK(e.token_field == "max_tokens");
  CHECK(!e.cost);
  CHECK(e.max_output_tokens <= 8192);
  CHECK(e.window_is_guess);
}

TEST_CASE("models: newer OpenAI models differ in role and temperature") {
  const auto e =
    model_table::built_in().find(provider_id::openai, "gpt-5-mini");
  CHECK(e.system_role == "developer");
  CHECK(!e.sends_temperature);
  CHECK(e.token_field == "max_completion_tokens");
}

TEST_CASE("models: an override changes one field and keeps the rest") {
  const auto table = model_table::with_overrides(
    "openai: {gpt-4o: {price: [1, 2]}, mine: {window: 9000, default: true}}");
  REQUIRE(table);
  const auto e = table->find(provider_id::openai, "gpt-4o");
  CHECK(e.cost->output == 2);
  CHECK(e.cost->cached == 1);
  CHECK(e.max_output_tokens == 16384);
  CHECK(table->default_model(provider_id::openai) == "mine");
  CHECK(model_table::with_overrides(""));
}

TEST_CASE("models: errors name the line") {
  const auto why = [](std::string_view yaml) {
    const auto got = model_table::with_overrides(yaml);
    return got ? std::string("no error") : got.error().what;
  };
  CHECK(why("openai:\n  x: {windw: 5}\n") ==
        "model table: line 2: \"windw\" is not known here");
  CHECK(why("acme:\n  x: {}\n").find("line 1: \"acme\" is no provider") !=
        std::string::npos);
  CHECK(why("openai:\n\n  x:\n    window: many\n") ==
        "model table: line 4: \"many\" is not a number of tokens");
  CHECK(why("openai: {x: {price: [1]}}").find("line 1") != std::string::npos);
  CHECK(why("openai: {x: {price: [-1, 2]}}").find("price") !=
        std::string::npos);
  CHECK(why("openai: {x: {window: 0}}").find("range") != std::string::npos);
  CHECK(why("openai: [").find("line") != std::string::npos);
  CHECK(why("openai: 7").find("line 1") != std::string::npos);
  CHECK(why("- a").find("providers come first") != std::string::npos);
  CHECK(why("openai: {a*: {default: true}}").find("wildcard") !=
        std::string::npos);
  CHECK(why(std::string(2u << 20, ' ')).find("1 MiB") != std::string::npos);
}

TEST_CASE("models: cost counts cached and written input by their own price") {
  model_entry e;
  usage t;
  t.input_tokens = 1'000'000;
  t.cached_tokens = 400'000;
  t.cache_write_tokens = 100'000;
  t.output_tokens = 10'000;
  CHECK(!cost_of(e, t));
  e.cost = price{2, 10, 0.5, 4};
  CHECK_THAT(*cost_of(e, t), WithinAbs(1.0 + 0.2 + 0.4 + 0.1, 1e-9));
  t.cached_tokens = 9'000'000;
  CHECK_THAT(*cost_of(e, t), WithinAbs(0.5 + 0.1, 1e-9));
  t.cost_usd = 0.25;
  CHECK(*cost_of(e, t) == 0.25);
}

TEST_CASE("models: token estimates never fall under a third of the bytes") {
  CHECK(estimate_tokens("") == 0);
  CHECK(estimate_tokens("a") == 1);
  CHECK(estimate_tokens("abcd") == 2);
  CHECK(estimate_tokens(std::string(3000, 'x')) == 1000);
}
