#include "core/html.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace pj;

TEST_CASE("foreign text does not break out of HTML") {
  CHECK(html("a <b>&\"'</b>") == "a &lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;");
  CHECK(html("x\n\x1b[2J\xe2\x80\xaey\xff") == "x\\n\\x1b[2J\\u202ey\\xff");
  CHECK(html_lines("a\n\t<\r") == "a\n\t&lt;\\r");
}

TEST_CASE("only addresses of the web become links") {
  CHECK(html_address("https://github.com/acme/a/pull/1?a=1&b=2") ==
        "https://github.com/acme/a/pull/1?a=1&amp;b=2");
  CHECK(html_address("HTTP://127.0.0.1:80/") == "HTTP://127.0.0.1:80/");
  CHECK(html_address("https://x/\"><script>") ==
        "https://x/&quot;&gt;&lt;script&gt;");
  for (const auto* bad :
       {"", "javascript:alert(1)", "data:text/html,x", "//github.com/",
        " https://github.com/", "https ://x", "java\nscript:https://x",
        "https://x/a b", "https://x/\n", "file:///etc/passwd", "httpsx://y"})
    CHECK(html_address(bad).empty());
}
