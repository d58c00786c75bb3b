#include "adapters/terminal/screen.hpp"

#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <array>
#include <optional>
#include <string>

namespace {

/// A screen that writes into a pipe; `text` ends it and gives what it wrote.
class watched_screen {
public:
  explicit watched_screen(bool is_terminal, std::size_t width = 80) {
    REQUIRE(::pipe(ends_.data()) == 0);
    screen_.emplace(ends_[1],
                    pj::terminal_facts{is_terminal, is_terminal, width});
  }
  ~watched_screen() { ::close(ends_[0]); }

  pj::screen* operator->() { return &*screen_; }

  std::string text() {
    screen_.reset();
    ::close(ends_[1]);
    std::string out;
    std::array<char, 4096> piece{};
    for (ssize_t n = 1; n > 0; out.append(piece.data(), std::size_t(n)))
      n = ::read(ends_[0], piece.data(), piece.size());
    return out;
  }

private:
  std::array<int, 2> ends_{};
  std::optional<pj::screen> screen_;
};

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1))
    ++n;
  return n;
}

} // namespace

TEST_CASE("without a terminal there are plain lines only") {
  watched_screen screen(false);
  screen->status("Cloning...");
  screen->print("[pj] a\x1b[2J");
  screen->stream("model text");
  screen->end_stream();
  CHECK(screen.text() == "[pj] a\\x1b[2J\n");
}

TEST_CASE("on a terminal lines stand above a status line that goes away") {
  watched_screen screen(true);
  screen->status("Cloning...");
  screen->print("[pj] a");
  const auto text = screen.text();
  CAPTURE(text);
  CHECK(text.starts_with("\r\x1b[K⠋ Cloning... 0.0 s\r\x1b[K"));
  CHECK(count(text, "\r\x1b[K[pj] a\n\r\x1b[K") == 1);
  CHECK(count(text, "Cloning...") >= 2);
  CHECK(text.ends_with("\r\x1b[K"));
}

TEST_CASE("a status is one line of the terminal's width") {
  watched_screen screen(true, 20);
  screen->status("a\nb\x1b[31m" + std::string(100, 'x'));
  const auto text = screen.text();
  CHECK(text.starts_with("\r\x1b[K⠋ a\\nb\\x1b[31 0.0 s\r\x1b[K"));
}

TEST_CASE("the model's text is dimmed and harmless, and lines keep off it") {
  watched_screen screen(true);
  screen->stream("one\ntw\x1b[2J\xc3");
  screen->stream("\xa4");
  screen->print("[pj] a");
  screen->stream("three");
  screen->end_stream();
  CHECK(screen.text() ==
        "\x1b[2mone\ntw\\x1b[2J\x1b[0m\x1b[2mä\x1b[0m\n[pj] a\n"
        "\x1b[2mthree\x1b[0m\n");
}

TEST_CASE("errors and warnings are coloured on a terminal only") {
  for (const bool is_terminal : {true, false}) {
    watched_screen screen(is_terminal);
    screen->print("[pj] error: no\x1b[2J");
    screen->print("[pj] warning: hm");
    screen->print("[pj] fine");
    CHECK(screen.text() == (is_terminal
                              ? "\x1b[31m[pj] error: no\\x1b[2J\x1b[0m\n"
                                "\x1b[33m[pj] warning: hm\x1b[0m\n[pj] fine\n"
                              : "[pj] error: no\\x1b[2J\n[pj] warning: hm\n"
                                "[pj] fine\n"));
  }
}
