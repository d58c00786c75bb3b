#include "adapters/http/port.hpp"

namespace pj {

namespace {

/// Keeps what arrives until the end.
class collector final : public http_handler {
public:
  explicit collector(std::function<void(result<http_response>)> then)
    : then_(std::move(then)) {}

  void head(int status, const http_headers& headers) override {
    response_.status = status;
    response_.headers = headers;
  }

  bool data(std::string_view bytes) override {
    response_.body += bytes;
    return true;
  }

  void end(const failure* why) override {
    if (why)
      then_(*why);
    else
      then_(std::move(response_));
  }

private:
  http_response response_;
  std::function<void(result<http_response>)> then_;
};

} // namespace

http_operation fetch(http_port& http, http_request request, http_limits limits,
                     std::function<void(result<http_response>)> then) {
  return http.start(std::move(request), limits,
                    std::make_shared<collector>(std::move(then)));
}

} // namespace pj
