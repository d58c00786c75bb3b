#include "core/prompt/named.hpp"
#include "tests/support/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;

namespace {

const memory_tree& shop() {
  static const memory_tree tree{
    {"Dockerfile", ""},          {"README.md", ""},
    {"app/[id]/page.tsx", ""},   {"app/(group)/layout.tsx", ""},
    {"docs/README.md", ""},      {"node_modules/left/greeter.js", ""},
    {"package.json", ""},        {"packages/a/package.json", ""},
    {"shop/__init__.py", ""},    {"shop/cart.py", ""},
    {"src/Greeter.ts", ""},      {"src/Greeter.test.ts", ""},
    {"src/api/users.ts", ""},    {"src/core/parser.cpp", ""},
    {"src/core/parser.hpp", ""}, {"src/rate_limiter.go", ""},
    {"src/store/users.ts", ""},  {"web/index.html", ""},
    {"web/a b/notes.txt", ""},   {"lib/helpers.rb", ""},
    {"test/helpers.rb", ""},
  };
  return tree;
}

using paths = std::vector<std::string>;

paths named(std::string_view task) {
  paths out;
  for (const auto* entry : prompt::named_files(task, shop()))
    out.push_back(entry->path);
  return out;
}

} // namespace

TEST_CASE("files are named by path, tail, name or stem, in any case") {
  struct row {
    const char* task;
    paths expected;
  };
  const std::vector<row> table{
    {"change src/api/users.ts now", {"src/api/users.ts"}},
    {"change ./src/api/users.ts.", {"src/api/users.ts"}},
    {"change /src/api/users.ts", {"src/api/users.ts"}},
    {"in `src/api/users.ts`:", {"src/api/users.ts"}},
    {"(see src/api/users.ts)", {"src/api/users.ts"}},
    {"[users](src/api/users.ts)", {"src/api/users.ts"}},
    {"src\\api\\users.ts fails", {"src/api/users.ts"}},
    {"SRC/API/Users.TS fails", {"src/api/users.ts"}},
    {"at src/api/users.ts:12:3", {"src/api/users.ts"}},
    {"at src/api/users.ts:12-30,", {"src/api/users.ts"}},
    {"src/api/users.ts#L10-L20", {"src/api/users.ts"}},
    {"the api/users.ts one", {"src/api/users.ts"}},
    {"api/Users is slow", {"src/api/users.ts"}},
    {"both users.ts files", {"src/api/users.ts", "src/store/users.ts"}},
    {"PACKAGE.JSON", {"package.json"}},
    {"the readme.md", {"README.md"}},
    {"docs/readme.md", {"docs/README.md"}},
    {"the dockerfile", {"Dockerfile"}},
    {"GREETER.TS", {"src/Greeter.ts"}},
    {"the Greeter is rude", {"src/Greeter.ts"}},
    {"the greeter is rude", {"src/Greeter.ts"}},
    {"greeter.test", {"src/Greeter.test.ts"}},
    {"the parser", {"src/core/parser.cpp", "src/core/parser.hpp"}},
    {"rate_limiter leaks", {"src/rate_limiter.go"}},
    {"import shop.cart.total", {"shop/cart.py"}},
    {"shop.cart", {"shop/cart.py"}},
    {"app/[id]/page.tsx", {"app/[id]/page.tsx"}},
    {"app/(group)/layout.tsx", {"app/(group)/layout.tsx"}},
    {"(app/(group)/layout.tsx)", {"app/(group)/layout.tsx"}},
    {"the users are unhappy", {}},
    {"the helpers", {}},
    {"helpers.rb", {"lib/helpers.rb", "test/helpers.rb"}},
    {"userz.ts", {}},
    {"pi/users.ts", {}},
    {"", {}},
    {"......", {}},
    {"///", {}},
    {"::::12", {}},
  };
  for (const auto& [task, expected] : table) {
    CAPTURE(task);
    CHECK(named(task) == expected);
  }
}

TEST_CASE("a sure name comes before a word that may be one") {
  CHECK(named("greeter in src/api/users.ts") ==
        paths{"src/api/users.ts", "src/Greeter.ts"});
}

TEST_CASE("a bare name of very many files names none") {
  memory_tree tree;
  for (int i = 0; i < 20; ++i)
    tree.add("pkg" + std::to_string(i) + "/index.ts", "");
  CHECK(prompt::named_files("fix index.ts", tree).empty());
  CHECK(prompt::named_files("fix pkg3/index.ts", tree).size() == 1);
}

TEST_CASE("a task that names a thousand files names at most max_named") {
  memory_tree tree;
  std::string task;
  for (int i = 0; i < 1000; ++i) {
    const auto path = "src/f" + std::to_string(i) + ".c";
    task += path + ' ';
    if (i < 100)
      tree.add(path, "");
  }
  CHECK(prompt::named_files(task, tree).size() == prompt::max_named);
}
