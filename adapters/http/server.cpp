#include "adapters/http/server.hpp"

#include "adapters/http/serving/guest.hpp"
#include "core/text.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <stdexcept>
#include <thread>

namespace pj {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using namespace serving;
using tcp = asio::ip::tcp;
using error_code = boost::system::error_code;
using tls_stream = asio::ssl::stream<beast::tcp_stream>;

constexpr std::uint32_t max_header = 64u << 10;
constexpr auto handshake_time = std::chrono::seconds{30};

trouble trouble_of(error_code ec) {
  if (!ec)
    return trouble::none;
  if (ec == http::error::body_limit)
    return trouble::body_too_large;
  if (ec == http::error::header_limit)
    return trouble::header_too_large;
  const bool about_syntax =
    ec.category() == make_error_code(http::error::bad_method).category();
  return !about_syntax || ec == http::error::end_of_stream ||
             ec == http::error::partial_message
           ? trouble::gone
           : trouble::malformed;
}

/// A client over plain TCP or TLS.
template <class Stream>
class session final : public guest {
public:
  template <class... Args>
  explicit session(std::shared_ptr<house> h, Args&&... args)
    : guest(std::move(h)), stream_(std::forward<Args>(args)...) {}

  void start() override {
    if constexpr (std::is_same_v<Stream, tls_stream>) {
      lowest().expires_after(handshake_time);
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [this, self = shared_from_this()](error_code ec) {
                                ec ? shut(false) : next();
                              });
    } else {
      next();
    }
  }

private:
  beast::tcp_stream& lowest() override {
    return beast::get_lowest_layer(stream_);
  }

  void read_header() override {
    parser_.emplace();
    parser_->header_limit(max_header);
    parser_->body_limit(home()->options.max_body);
    auto then = [this, self = shared_from_this()](error_code ec, std::size_t) {
      if (dead())
        return;
      const auto expect = parser_->get()[http::field::expect];
      got_header(
        trouble_of(ec),
        equal_ignoring_case({expect.data(), expect.size()}, "100-continue"));
    };
    http::async_read_header(stream_, buffer_, *parser_, std::move(then));
  }

  void read_body() override {
    auto then = [this, self = shared_from_this()](error_code ec, std::size_t) {
      if (dead())
        return;
      ec ? refuse(trouble_of(ec)) : hand_over();
    };
    http::async_read(stream_, buffer_, *parser_, std::move(then));
  }

  void hand_over() {
    auto message = parser_->release();
    parser_.reset();
    if (buffer_.size() == 0)
      buffer_.shrink_to_fit();
    server_request request;
    request.method = std::string{message.method_string()};
    request.target = std::string{message.target()};
    for (const auto& f : message)
      request.headers.push_back(
        {std::string{f.name_string()}, std::string{f.value()}});
    request.body = std::move(message.body());
    got_request(std::move(request), message.keep_alive(),
                message.version() >= 11);
  }

  void write(const std::string& bytes) override {
    auto then = [this, self = shared_from_this()](error_code ec, std::size_t) {
      if (!dead())
        wrote(ec);
    };
    asio::async_write(stream_, asio::buffer(bytes), std::move(then));
  }

  void part() override {
    if constexpr (std::is_same_v<Stream, tls_stream>) {
      stream_.async_shutdown(
        [this, self = shared_from_this()](error_code) { shut(false); });
    } else {
      error_code ignored;
      lowest().socket().shutdown(tcp::socket::shutdown_send, ignored);
      drain();
    }
  }

  Stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
};

void welcome(const std::shared_ptr<house>& home, tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  beast::tcp_stream stream{std::move(socket)};
  std::shared_ptr<guest> one;
  if (home->tls)
    one = std::make_shared<session<tls_stream>>(home, std::move(stream),
                                                *home->tls);
  else
    one = std::make_shared<session<beast::tcp_stream>>(home, std::move(stream));
  home->guests.insert(one);
  one->start();
}

/// The kernel has taken the connection; what it says stays unheard meanwhile.
void let_wait(const std::shared_ptr<house>& home, tcp::socket socket) {
  const auto& asked = home->options.accept_delay;
  const auto delay = asked ? asked() : std::chrono::milliseconds{0};
  if (delay.count() <= 0)
    return welcome(home, std::move(socket));
  auto timer = std::make_shared<asio::steady_timer>(home->door->io, delay);
  home->timers.insert(timer);
  timer->async_wait(
    [home, timer, waiting = std::move(socket)](error_code ec) mutable {
      home->timers.erase(timer);
      if (!ec && !home->closed)
        welcome(home, std::move(waiting));
    });
}

void accept_next(std::shared_ptr<house> home, std::chrono::milliseconds rest);

void accept_now(std::shared_ptr<house> home) {
  home->acceptor.async_accept([home](error_code ec, tcp::socket socket) {
    if (home->closed)
      return;
    if (!ec)
      let_wait(home, std::move(socket));
    // Out of descriptors: others have to go first.
    accept_next(home, std::chrono::milliseconds{ec ? 10 : 0});
  });
}

void accept_next(std::shared_ptr<house> home, std::chrono::milliseconds rest) {
  if (rest.count() == 0)
    return accept_now(home);
  home->pause.expires_after(rest);
  home->pause.async_wait([home](error_code ec) {
    if (!ec && !home->closed)
      accept_now(home);
  });
}

class server final : public http_server {
public:
  server(std::shared_ptr<server_loop> loop, std::shared_ptr<house> home)
    : loop_(std::move(loop)), home_(std::move(home)),
      port_(home_->acceptor.local_endpoint().port()) {}

  ~server() override {
    home_->door->run_and_wait([this] { home_->close(); });
  }

  std::uint16_t port() const override { return port_; }

private:
  std::shared_ptr<server_loop> loop_; ///< so that it ends after its servers
  std::shared_ptr<house> home_;
  std::uint16_t port_;
};

class loop final : public server_loop,
                   public std::enable_shared_from_this<loop> {
public:
  loop() : thread_([this] { door_->io.run(); }) {}

  ~loop() override {
    door_->shut();
    work_.reset();
    thread_.join();
  }

  std::unique_ptr<http_server> listen(server_options options,
                                      request_handler handler) override {
    auto home =
      std::make_shared<house>(door_, std::move(options), std::move(handler));
    try {
      home->open();
    } catch (const std::exception& e) {
      throw std::runtime_error("cannot listen on " + home->options.address +
                               ':' + std::to_string(home->options.port) + ": " +
                               e.what());
    }
    auto made = std::make_unique<server>(shared_from_this(), home);
    door_->run([home] { accept_next(home, {}); });
    return made;
  }

private:
  std::shared_ptr<gate> door_ = std::make_shared<gate>();
  asio::executor_work_guard<asio::io_context::executor_type> work_{
    door_->io.get_executor()};
  std::thread thread_;
};

} // namespace

std::shared_ptr<server_loop> server_loop::make() {
  return std::make_shared<loop>();
}

} // namespace pj
