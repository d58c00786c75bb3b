#include "apps/mock/repositories.hpp"

namespace pj::doubles {
namespace {

sample_files hello() {
  return {
    {"README.md", R"(# Hello

Prints a friendly greeting.

    python3 -m hello Ada
)"},
    {"hello/__init__.py", R"(from hello.greeting import greet

__all__ = ["greet"]
)"},
    {"hello/__main__.py", R"(import sys

from hello.greeting import greet


def main() -> int:
    names = sys.argv[1:] or ["world"]
    for name in names:
        print(greet(name))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
)"},
    {"hello/greeting.py", R"(def greet(name: str) -> str:
    """A greeting for one person."""
    return f"Hello, {name}!"
)"},
    {"tests/test_greeting.py", R"(import unittest

from hello import greet


class GreetingTest(unittest.TestCase):
    def test_names_the_person(self):
        self.assertEqual(greet("Ada"), "Hello, Ada!")


if __name__ == "__main__":
    unittest.main()
)"},
    {".gitignore", "__pycache__/\n"},
  };
}

sample_files shop() {
  return {
    {"README.md", R"(# Shop

A basket that knows what it costs.

## Use

    import { total } from "./src/basket.js";
)"},
    {"package.json", R"({
  "name": "shop",
  "version": "1.0.0",
  "private": true,
  "type": "module",
  "scripts": {
    "test": "node --test test/basket.test.mjs"
  }
}
)"},
    {"src/basket.js", R"(/** Sum of all items in cents. */
export function total(items) {
  return items.reduce((sum, item) => sum + item.cents * item.count, 0);
}
)"},
    {"src/format.js", R"(/** Cents as people read them. */
export function format(cents) {
  return `${(cents / 100).toFixed(2)} EUR`;
}
)"},
    {"test/basket.test.mjs", R"(import assert from "node:assert/strict";
import test from "node:test";

import { total } from "../src/basket.js";
import { format } from "../src/format.js";

test("an empty basket costs nothing", () => {
  assert.equal(total([]), 0);
});

test("counts matter", () => {
  assert.equal(format(total([{ cents: 250, count: 2 }])), "5.00 EUR");
});
)"},
  };
}

sample_files widgets() {
  sample_files files{{"README.md", "# Widgets\n\nFifty small parts.\n"}};
  for (int i = 1; i < 50; ++i) {
    const auto number = std::to_string(i);
    files.emplace_back("src/widget_" + number + ".py",
                       "class Widget" + number + ":\n    \"\"\"Part number " +
                         number + ".\"\"\"\n\n    size = " + number +
                         "\n\n    def area(self):\n        return self.size "
                         "* self.size\n");
  }
  return files;
}

} // namespace

void make_samples(const std::filesystem::path& root) {
  make_repository(root, "acme/hello", hello());
  make_repository(root, "acme/shop", shop());
  make_repository(root, "acme/widgets", widgets());
}

} // namespace pj::doubles
