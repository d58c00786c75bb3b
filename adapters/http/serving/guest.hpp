#pragma once
#include "adapters/http/serving/house.hpp"

#include <boost/beast/core/tcp_stream.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace pj::serving {

class answer;

/// What to do once everything is written.
enum class afterwards : std::uint8_t {
  stay,    ///< nothing yet
  read_on, ///< the next request, or the body after "100 Continue"
  part,    ///< close, politely
  cut,     ///< close with RST
};

/// Why a request could not be read.
enum class trouble : std::uint8_t {
  none,
  gone,
  malformed,
  body_too_large,
  header_too_large,
};

/// One client: reads requests, writes answers, one after the other.
/// Everything here runs on the I/O thread. The bytes are the derived class's
/// business: it calls the `got_`… functions.
class guest : public std::enable_shared_from_this<guest> {
public:
  using error_code = boost::system::error_code;

  explicit guest(std::shared_ptr<house> h) : house_(std::move(h)) {}
  virtual ~guest() = default;
  virtual void start() = 0;

  /// Queues bytes; what one turn queues goes out in one write.
  void send(std::string_view bytes);

  /// Does this once all is written.
  void finish(afterwards what);

  /// Closes now; `hard`: with RST.
  void shut(bool hard);

  bool dead() const { return dead_; }
  const std::shared_ptr<house>& home() const { return house_; }

protected:
  virtual void write(const std::string& bytes) = 0;
  virtual void read_header() = 0;
  virtual void read_body() = 0;
  virtual void part() = 0;
  virtual boost::beast::tcp_stream& lowest() = 0;

  void next();
  void got_header(trouble why, bool expects_continue);
  void got_request(server_request request, bool keep_alive, bool chunks);
  void refuse(trouble why);
  void wrote(error_code ec);

  /// Reads on until the client closes, too.
  void drain();

private:
  void watch();
  void flush();

  std::shared_ptr<house> house_;
  std::weak_ptr<answer> current_;
  std::string out_;     ///< waits while `sending_` is written
  std::string sending_; ///< must stay put until written
  afterwards then_ = afterwards::stay;
  bool writing_ = false; ///< or about to
  bool watching_ = false;
  bool expecting_ = false; ///< only "100 Continue" was sent
  bool dead_ = false;
};

} // namespace pj::serving
