#include "adapters/terminal/progress.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;

TEST_CASE("the spinner turns with the time") {
  CHECK(pj::spinner_line("Cloning...", 0ms, true, 79) == "⠋ Cloning... 0.0 s");
  CHECK(pj::spinner_line("Cloning...", 100ms, true, 79) ==
        "⠙ Cloning... 0.1 s");
  CHECK(pj::spinner_line("Cloning...", 1s, true, 79) == "⠋ Cloning... 1.0 s");
  CHECK(pj::spinner_line("Cloning...", 100ms, false, 79) ==
        "/ Cloning... 0.1 s");
}

TEST_CASE("a narrow spinner keeps its time") {
  CHECK(pj::spinner_line("Cloning...", 0ms, true, 13) == "⠋ Cloni 0.0 s");
  CHECK(pj::spinner_line("Cloning...", 0ms, true, 3) == "⠋  0.0 s");
}

TEST_CASE("the bar knows how much is left") {
  CHECK(pj::bar_line("tasks", 350, 1'000, 14s) ==
        "[#######             ] 350/1000 tasks, 14 s, 26 s left");
  CHECK(pj::bar_line("tasks", 0, 10, 1s) ==
        "[                    ] 0/10 tasks, 1.0 s");
  CHECK(pj::bar_line("tasks", 10, 10, 1s) ==
        "[####################] 10/10 tasks, 1.0 s");
  CHECK(pj::bar_line("tasks", 12, 10, 1s) ==
        "[####################] 12/10 tasks, 1.0 s");
  CHECK(pj::bar_line("objects", 7, 0, 1s) == "7 objects, 1.0 s");
}
