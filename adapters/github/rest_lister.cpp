#include "adapters/github/rest_lister.hpp"

#include "core/github/listing.hpp"
#include "core/github/rest.hpp"

#include <algorithm>
#include <future>
#include <iterator>
#include <utility>

namespace pj {

namespace {

using namespace std::chrono_literals;

constexpr int most_tries = 3;
constexpr std::chrono::milliseconds longest_wait = 60s;

http_limits limits() {
  http_limits x;
  x.idle = x.total = 60s;
  return x;
}

class rest_lister final : public repository_lister {
public:
  rest_lister(std::shared_ptr<http_port> http, rest_lister_options options)
    : http_(std::move(http)), options_(std::move(options)) {}

  result<std::vector<batch::repository>>
  list(const batch::repository_source& from) override {
    std::vector<batch::repository> out;
    auto request = github::listing_request(options_.api, from);
    for (std::size_t pages = 0; pages < github::most_pages; ++pages) {
      std::string next;
      auto page = patiently(from, request, next);
      if (!page)
        return std::move(page).error();
      std::move(page->begin(), page->end(), std::back_inserter(out));
      if (next.empty())
        return out;
      request.url = next;
    }
    return failure{failure_class::fail,
                   failure_code::github,
                   from.value + " has more than 100000 repositories",
                   {},
                   {}};
  }

private:
  using one_page = result<std::vector<batch::repository>>;

  one_page patiently(const batch::repository_source& from,
                     const http_request& what, std::string& next) {
    for (int attempt = 1;; ++attempt) {
      auto page = ask(from, what, next);
      if (page || page.error().kind != failure_class::retry ||
          attempt == most_tries || page.error().retry_after > longest_wait)
        return page;
      options_.wait(std::max<std::chrono::milliseconds>(
        page.error().retry_after, std::chrono::seconds(attempt)));
    }
  }

  one_page ask(const batch::repository_source& from, const http_request& what,
               std::string& next) {
    auto token = current_token();
    if (!token)
      return std::move(token).error();
    const auto got =
      fetch_later(*http_, github::authorized(what, *token), limits()).get();
    if (!got)
      return got.error();
    if (got->status != 200)
      return github::classify({from.value, "list the repositories of",
                               "metadata: read", false, options_.token},
                              *got, options_.unix_now());
    next = github::next_page(what.url, *got);
    return github::read_listing(from, *got);
  }

  result<std::string> current_token() const {
    if (!options_.tokens)
      return std::string();
    const auto promise = std::make_shared<std::promise<result<std::string>>>();
    auto later = promise->get_future();
    options_.tokens->get([promise](result<std::string> got) {
      promise->set_value(std::move(got));
    });
    return later.get();
  }

  std::shared_ptr<http_port> http_;
  rest_lister_options options_;
};

} // namespace

std::unique_ptr<repository_lister>
make_rest_lister(std::shared_ptr<http_port> http, rest_lister_options options) {
  return std::make_unique<rest_lister>(std::move(http), std::move(options));
}

} // namespace pj
