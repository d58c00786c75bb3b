#include "adapters/http/server.hpp"

#include "core/text.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <atomic>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <unordered_set>
#include <utility>

namespace pj {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using std::chrono::seconds;
using error_code = boost::system::error_code;
using tls_stream = asio::ssl::stream<beast::tcp_stream>;

constexpr auto request_time = seconds{120}; // to read one request, or idle
constexpr auto write_time = seconds{120};   // for one write to be taken
constexpr auto parting_time = seconds{2};   // for the client to close, too
constexpr std::uint32_t max_header = 64u << 10;
constexpr std::size_t keep_capacity = 4u << 10;

/// The io_context and the one door into it for other threads.
struct gate {
  asio::io_context io{1};
  std::mutex mutex;
  bool open = true;

  bool inside() { return io.get_executor().running_in_this_thread(); }

  /// Runs now when on the I/O thread; drops the job once shut.
  void run(std::function<void()> job) {
    if (inside())
      return job();
    std::lock_guard lock{mutex};
    if (open)
      asio::post(io, std::move(job));
  }

  /// `run`, and waits until the job is done.
  void run_and_wait(const std::function<void()>& job) {
    if (inside())
      return job();
    std::promise<void> over;
    run([&] {
      job();
      over.set_value();
    });
    over.get_future().wait();
  }
};

class connection;

/// What the connections of one server share.
struct house {
  house(std::shared_ptr<gate> g, server_options o, request_handler h)
    : door(std::move(g)), options(std::move(o)), handler(std::move(h)),
      acceptor(door->io), pause(door->io) {}

  std::shared_ptr<gate> door;
  server_options options;
  request_handler handler;
  tcp::acceptor acceptor;
  asio::steady_timer pause; ///< before an accept
  std::optional<asio::ssl::context> tls;
  std::unordered_set<std::shared_ptr<connection>> guests;
  std::unordered_set<std::shared_ptr<asio::steady_timer>> timers;
  bool closed = false;
};

enum class afterwards : std::uint8_t { stay, read_on, part, cut };

class exchange;

/// One client. Everything here runs on the I/O thread.
class connection : public std::enable_shared_from_this<connection> {
public:
  explicit connection(std::shared_ptr<house> h) : house_(std::move(h)) {}
  virtual ~connection() = default;
  virtual void start() = 0;
  void send(std::string_view bytes);
  void finish(afterwards what);
  void shut(bool hard);
  bool dead() const { return dead_; }
  const std::shared_ptr<house>& home() const { return house_; }

protected:
  virtual void write(const std::string& bytes) = 0;
  virtual void read_header() = 0;
  virtual void read_body() = 0;
  virtual void part() = 0;
  virtual beast::tcp_stream& lowest() = 0;

  void next();
  void got_header(error_code ec);
  void got_request(error_code ec);
  void wrote(error_code ec);
  void drain();

  using parser = http::request_parser<http::string_body>;
  std::optional<parser> parser_;
  beast::flat_buffer buffer_;

private:
  void hand_over();
  void refuse(error_code ec);
  void watch();
  void flush();

  std::shared_ptr<house> house_;
  std::weak_ptr<exchange> current_;
  std::string out_;     ///< waits while `sending_` is written
  std::string sending_; ///< must stay put until written
  afterwards then_ = afterwards::stay;
  bool writing_ = false; ///< or about to
  bool watching_ = false;
  bool expecting_ = false; ///< only "100 Continue" was sent
  bool dead_ = false;
};

/// One request's answer. Holds the connection; any thread may call.
class exchange final : public responder,
                       public std::enable_shared_from_this<exchange> {
public:
  exchange(std::shared_ptr<connection> c, bool head, bool keep, bool chunks)
    : connection_(std::move(c)), head_(head), keep_(keep), chunks_(chunks) {}

  ~exchange() override {
    if (!over_)
      door().run([c = connection_] { c->shut(false); });
  }

  void reply(int status, http_headers headers, std::string body) override {
    run([this, status, h = std::move(headers), b = std::move(body)] {
      if (begun_)
        return;
      const bool bare = status == 204 || status == 304 || status < 200;
      auto text = head(status, h);
      if (!bare)
        text += "content-length: " + std::to_string(b.size()) + "\r\n";
      text += "\r\n";
      if (!bare && !head_)
        text += b;
      connection_->send(text);
      finish(keep_ ? afterwards::read_on : afterwards::part);
    });
  }

  void begin(int status, http_headers headers) override {
    run([this, status, h = std::move(headers)] {
      if (std::exchange(begun_, true))
        return;
      keep_ = keep_ && chunks_;
      auto text = head(status, h);
      text += chunks_ ? "transfer-encoding: chunked\r\n\r\n" : "\r\n";
      connection_->send(text);
    });
  }

  void write(std::string bytes) override {
    run([this, bytes = std::move(bytes)] {
      if (!begun_ || head_ || bytes.empty())
        return;
      if (!chunks_)
        return connection_->send(bytes);
      std::array<char, 20> size{};
      const auto digits =
        std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
      connection_->send({size.data(), static_cast<std::size_t>(digits)});
      connection_->send(bytes);
      connection_->send("\r\n");
    });
  }

  void end() override {
    run([this] {
      if (!begun_)
        return;
      if (chunks_ && !head_)
        connection_->send("0\r\n\r\n");
      finish(keep_ ? afterwards::read_on : afterwards::part);
    });
  }

  void reset() override {
    run([this] { finish(afterwards::cut); });
  }

  bool closed() const override { return over_; }

  void after(std::chrono::milliseconds delay,
             std::function<void()> then) override {
    auto arm = [home = connection_->home(), delay, t = std::move(then)] {
      if (home->closed)
        return;
      auto timer = std::make_shared<asio::steady_timer>(home->door->io, delay);
      home->timers.insert(timer);
      timer->async_wait([home, timer, t](error_code) {
        home->timers.erase(timer);
        if (!home->closed)
          t();
      });
    };
    door().run(std::move(arm));
  }

  /// The client is gone. On the I/O thread.
  void lost() { over_ = true; }

private:
  gate& door() const { return *connection_->home()->door; }

  template <class Job>
  void run(Job job) {
    if (!door().inside())
      return door().run([self = shared_from_this(),
                         job = std::move(job)]() mutable { self->run(job); });
    if (!over_)
      job();
  }

  std::string head(int status, const http_headers& headers) const {
    const auto reason =
      http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
    auto text = "HTTP/1.1 " + std::to_string(status) + ' ';
    text.append(reason.data(), reason.size()).append("\r\n");
    for (const auto& h : headers)
      text.append(h.name).append(": ").append(h.value).append("\r\n");
    if (!keep_)
      text += "connection: close\r\n";
    return text;
  }

  void finish(afterwards what) {
    over_ = true;
    connection_->finish(what);
  }

  std::shared_ptr<connection> connection_;
  std::atomic<bool> over_ = false;
  bool begun_ = false;
  const bool head_; ///< HEAD: no body
  bool keep_;
  const bool chunks_; ///< HTTP/1.1
};

void connection::send(std::string_view bytes) {
  if (dead_)
    return;
  out_ += bytes;
  if (std::exchange(writing_, true))
    return;
  // What the same turn sends goes out in one write.
  asio::post(house_->door->io, [self = shared_from_this()] {
    if (!self->dead_)
      self->flush();
  });
}

void connection::flush() {
  sending_.swap(out_);
  lowest().expires_after(write_time);
  write(sending_);
}

void connection::wrote(error_code ec) {
  writing_ = false;
  sending_.clear();
  if (sending_.capacity() > keep_capacity)
    sending_ = {};
  if (ec)
    return shut(false);
  if (!out_.empty()) {
    writing_ = true;
    return flush();
  }
  finish(then_);
}

void connection::finish(afterwards what) {
  then_ = what;
  if (dead_ || writing_ || what == afterwards::stay)
    return;
  then_ = afterwards::stay;
  if (std::exchange(expecting_, false))
    return read_body();
  if (what == afterwards::read_on)
    return next();
  if (what == afterwards::cut)
    return shut(true);
  lowest().expires_after(parting_time);
  part();
}

void connection::next() {
  parser_.emplace();
  parser_->header_limit(max_header);
  parser_->body_limit(house_->options.max_body);
  lowest().expires_after(request_time);
  read_header();
}

void connection::got_header(error_code ec) {
  if (ec)
    return refuse(ec);
  expecting_ = equal_ignoring_case(
    std::string_view{parser_->get()[http::field::expect]}, "100-continue");
  if (!expecting_)
    return read_body();
  send("HTTP/1.1 100 Continue\r\n\r\n");
  finish(afterwards::read_on);
}

void connection::got_request(error_code ec) {
  if (ec)
    return refuse(ec);
  hand_over();
}

void connection::hand_over() {
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
  auto answer =
    std::make_shared<exchange>(shared_from_this(), request.method == "HEAD",
                               message.keep_alive(), message.version() >= 11);
  current_ = answer;
  lowest().expires_never();
  watch();
  try {
    house_->handler(std::move(request), answer);
  } catch (const std::exception& e) {
    answer->reply(500, {{"content-type", "text/plain"}}, e.what());
  }
}

/// Notices a client that goes away while it waits for its answer.
void connection::watch() {
  if (std::exchange(watching_, true))
    return;
  auto seen = [self = shared_from_this()](error_code ec) {
    self->watching_ = false;
    if (ec || self->dead_)
      return;
    char byte = 0;
    error_code why;
    auto& socket = self->lowest().socket();
    socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, why);
    if (why && why != asio::error::would_block)
      self->shut(false);
  };
  lowest().socket().async_wait(tcp::socket::wait_read, std::move(seen));
}

bool is_syntax(error_code ec) {
  return ec.category() == make_error_code(http::error::bad_method).category();
}

/// Answers what could not be read as a request, if anyone still listens.
void connection::refuse(error_code ec) {
  int status = 400;
  if (ec == http::error::body_limit)
    status = 413;
  else if (ec == http::error::header_limit)
    status = 431;
  else if (ec == http::error::end_of_stream ||
           ec == http::error::partial_message || !is_syntax(ec))
    return shut(false);
  auto answer =
    std::make_shared<exchange>(shared_from_this(), false, false, true);
  current_ = answer;
  answer->reply(status, {{"content-type", "text/plain"}}, ec.message() + "\n");
}

void connection::drain() {
  auto room = std::make_shared<std::array<char, 4096>>();
  auto again = [self = shared_from_this(), room](error_code ec, std::size_t) {
    ec ? self->shut(false) : self->drain();
  };
  lowest().async_read_some(asio::buffer(*room), std::move(again));
}

void connection::shut(bool hard) {
  if (std::exchange(dead_, true))
    return;
  if (auto answer = current_.lock())
    answer->lost();
  error_code ignored;
  auto& socket = lowest().socket();
  if (hard)
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
  lowest().close();
  house_->guests.erase(shared_from_this());
}

/// The bytes of a connection: plain or TLS.
template <class Stream>
class session final : public connection {
public:
  template <class... Args>
  session(std::shared_ptr<house> h, Args&&... args)
    : connection(std::move(h)), stream_(std::forward<Args>(args)...) {}

  void start() override {
    if constexpr (std::is_same_v<Stream, tls_stream>) {
      lowest().expires_after(request_time);
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
    http::async_read_header(
      stream_, buffer_, *parser_,
      [this, self = shared_from_this()](error_code ec, std::size_t) {
        if (!dead())
          got_header(ec);
      });
  }

  void read_body() override {
    http::async_read(
      stream_, buffer_, *parser_,
      [this, self = shared_from_this()](error_code ec, std::size_t) {
        if (!dead())
          got_request(ec);
      });
  }

  void write(const std::string& bytes) override {
    asio::async_write(
      stream_, asio::buffer(bytes),
      [this, self = shared_from_this()](error_code ec, std::size_t) {
        if (!dead())
          wrote(ec);
      });
  }

  void part() override {
    error_code ignored;
    if constexpr (std::is_same_v<Stream, tls_stream>) {
      stream_.async_shutdown(
        [this, self = shared_from_this()](error_code) { shut(false); });
    } else {
      lowest().socket().shutdown(tcp::socket::shutdown_send, ignored);
      drain();
    }
  }

  Stream stream_;
};

void accept_next(std::shared_ptr<house> home, std::chrono::milliseconds rest);

void welcome(const std::shared_ptr<house>& home, tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  std::shared_ptr<connection> guest;
  beast::tcp_stream stream{std::move(socket)};
  if (home->tls)
    guest = std::make_shared<session<tls_stream>>(home, std::move(stream),
                                                  *home->tls);
  else
    guest =
      std::make_shared<session<beast::tcp_stream>>(home, std::move(stream));
  home->guests.insert(guest);
  guest->start();
}

void accept_now(std::shared_ptr<house> home) {
  home->acceptor.async_accept([home](error_code ec, tcp::socket socket) {
    if (home->closed)
      return;
    if (!ec)
      welcome(home, std::move(socket));
    // Out of descriptors: others have to go first.
    accept_next(home, std::chrono::milliseconds{ec ? 10 : 0});
  });
}

void accept_next(std::shared_ptr<house> home, std::chrono::milliseconds rest) {
  rest += home->options.accept_delay;
  if (rest.count() == 0)
    return accept_now(home);
  home->pause.expires_after(rest);
  home->pause.async_wait([home](error_code ec) {
    if (!ec && !home->closed)
      accept_now(home);
  });
}

void open_house(house& home) {
  const auto& o = home.options;
  if (!o.certificate_pem.empty()) {
    home.tls.emplace(asio::ssl::context::tls_server);
    home.tls->use_certificate_chain(asio::buffer(o.certificate_pem));
    home.tls->use_private_key(asio::buffer(o.key_pem), asio::ssl::context::pem);
  }
  const tcp::endpoint where{asio::ip::make_address(o.address), o.port};
  home.acceptor.open(where.protocol());
  home.acceptor.set_option(tcp::acceptor::reuse_address(true));
  home.acceptor.bind(where);
  home.acceptor.listen(4096);
}

void close_house(house& home) {
  error_code ignored;
  home.closed = true;
  home.acceptor.close(ignored);
  home.pause.cancel();
  for (const auto& t : home.timers)
    t->cancel();
  for (auto guests = home.guests; const auto& guest : guests)
    guest->shut(false);
  home.handler = nullptr;
}

class server final : public http_server {
public:
  server(std::shared_ptr<server_loop> loop, std::shared_ptr<house> home)
    : loop_(std::move(loop)), home_(std::move(home)),
      port_(home_->acceptor.local_endpoint().port()) {}

  ~server() override {
    home_->door->run_and_wait([this] { close_house(*home_); });
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
    {
      std::lock_guard lock{door_->mutex};
      door_->open = false;
    }
    work_.reset();
    thread_.join();
  }

  std::unique_ptr<http_server> listen(server_options options,
                                      request_handler handler) override {
    auto home =
      std::make_shared<house>(door_, std::move(options), std::move(handler));
    try {
      open_house(*home);
    } catch (const std::exception& e) {
      throw std::runtime_error("cannot listen on " + home->options.address +
                               ":" + std::to_string(home->options.port) + ": " +
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
