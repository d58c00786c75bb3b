// Whatever GitHub answers: no crash, every verdict is usable, and nothing that
// ends up in an address or a header is anything but a name or a token.
// Input: status (2 bytes), headers ("name: value" lines), an empty line, body.
#include "core/github/app_token.hpp"
#include "core/github/fork.hpp"
#include "core/github/pull_request.hpp"
#include "core/spec/environment.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace pj;
using namespace pj::github;

constexpr std::int64_t now = 1'800'000'000;

void require(bool holds) {
  if (!holds)
    std::abort();
}

http_response read(std::string_view bytes) {
  http_response out;
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(bytes[i]);
  };
  out.status = 100 + (byte(0) << 8 | byte(1)) % 500;
  bytes.remove_prefix(2);
  const auto end = std::min(bytes.find("\n\n"), bytes.size());
  for (const auto line : split(bytes.substr(0, end), '\n'))
    if (const auto colon = line.find(": "); colon != line.npos)
      out.headers.push_back({std::string(line.substr(0, colon)),
                             std::string(line.substr(colon + 2))});
  out.body = bytes.substr(std::min(end + 2, bytes.size()));
  return out;
}

bool one_line(const std::string& text) {
  return text.find('\n') == text.npos && text.find('\x1b') == text.npos;
}

void check_failure(const failure& why) {
  require(!why.what.empty() && one_line(why.what));
  require(why.what.size() < 4'000);
  require(why.retry_after.count() >= 0);
}

void check_pull(const existing& found) {
  pull_request what;
  what.api = "https://h";
  what.owner = "acme";
  what.name = "shop";
  what.more = {{"bug"}, {"ada"}, {"bob"}, {"core"}};
  for (const auto& one : dressings(what, found)) {
    require(one_line(one.what));
    require(one.request.url.starts_with("https://h/repos/acme/shop/"));
  }
}

void check_fork(const fork_wish& wish, const github::fork& made) {
  require(is_github_name(made.owner) && is_github_name(made.name));
  const auto address = fork_address("https://h/acme/shop.git", wish, made);
  require(address.starts_with("https://h/") && address.ends_with(".git"));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 2)
    return 0;
  const auto answer = read({reinterpret_cast<const char*>(data), size});
  if (const auto found = read_lookup(answer); found && *found)
    check_pull(**found);
  if (const auto made = read_created(answer))
    check_pull(*made);
  (void)read_refusal(answer);
  check_failure(
    classify({"acme/shop", "open a pull request in", "x"}, answer, now));
  const fork_wish wish{"https://h", "acme", "shop", "org", "main", "abc"};
  if (const auto one = read_found_fork(wish, answer))
    check_fork(wish, *one);
  if (const auto one = read_made_fork(answer))
    check_fork(wish, *one);
  (void)is_up_to_date(wish, answer);
  const auto token = read_app_token({"1", "2", "", ""}, answer, now);
  if (token)
    require(token->text.find_first_of("\r\n ") == std::string::npos);
  else
    check_failure(token.error());
  const auto next = same_host_redirect("https://h:1/a", answer);
  require(next.empty() || origin_of(next) == "https://h:1");
  return 0;
}
