#include "adapters/terminal/screen.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
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

TEST_CASE("a view of several lines is taken away before anything else") {
  watched_screen screen(true, 20);
  screen->show([](pj::terminal_size) {
    return std::vector<pj::terminal_line>{
      {{"one", pj::style::red}, {" \x1b[2J"}},
      {{std::string(30, 'x')}},
      {{"three"}}};
  });
  screen->print("[pj] a");
  screen->show({});
  const auto text = screen.text();
  const std::string image =
    "\r\x1b[K\x1b[31mone\x1b[0m \\x1b[2J\n" + std::string(19, 'x') + "\nthree";
  const std::string away = "\r\x1b[K\x1b[2A\x1b[J";
  CAPTURE(text);
  CHECK(text.starts_with(image + away + "[pj] a\n" + image + away));
  CHECK(text.ends_with("three" + away));
}

TEST_CASE("a view has no more lines than the terminal") {
  watched_screen screen(true);
  screen->show([](pj::terminal_size room) {
    return std::vector<pj::terminal_line>(1'000, {{std::to_string(room.rows)}});
  });
  CHECK(count(screen.text(), "\n") % 22 == 0); // 23 lines, once or more
}

TEST_CASE(
  "a view follows the terminal's width, and goes away once it is less") {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(master >= 0);
  REQUIRE(::grantpt(master) == 0);
  REQUIRE(::unlockpt(master) == 0);
  const int slave = ::open(::ptsname(master), O_RDWR | O_NOCTTY);
  REQUIRE(slave >= 0);
  auto resize = [&](unsigned short columns) {
    const winsize size{24, columns, 0, 0};
    REQUIRE(::ioctl(slave, TIOCSWINSZ, &size) == 0);
  };
  resize(40);
  std::string text;
  {
    pj::screen screen(slave, {true, false, 80});
    screen.show([](pj::terminal_size room) {
      return std::vector<pj::terminal_line>{{{std::string(room.columns, 'x')}},
                                            {{"end"}}};
    });
    resize(20); // the first line takes two rows now
    screen.print("a");
  }
  ::close(slave);
  std::array<char, 4096> piece{};
  for (ssize_t n = 1; n > 0; text.append(piece.data(), std::size_t(n)))
    n = std::max<ssize_t>(::read(master, piece.data(), piece.size()), 0);
  ::close(master);
  CAPTURE(text);
  CHECK(text.starts_with("\r\x1b[K" + std::string(39, 'x') + "\r\nend"));
  CHECK(count(text, "\x1b[2A\x1b[J") >= 1);
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
