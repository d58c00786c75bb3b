#pragma once
#include "adapters/http/input_buffer.hpp"
#include "adapters/http/tls.hpp"
#include "core/policy/public_address.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>

namespace pj {

/// A TCP connection, with TLS when wanted. Lives on the I/O thread. Inside the
/// client only: this header brings Asio.
class connection {
public:
  template <class T>
  using awaitable = boost::asio::awaitable<result<T>>;

  explicit connection(boost::asio::io_context& io) : socket_(io) {}

  awaitable<done> dial(ip_address address, std::uint16_t port);

  bool is_dialling() const { return is_dialling_; }

  /// Failures say why the certificate was not taken.
  awaitable<done> start_tls(tls_context& context, const std::string& host);

  awaitable<done> write(std::string_view bytes);

  /// Adds to `input`; how many bytes, 0 at a proper end.
  awaitable<std::size_t> read();

  input_buffer& input() { return input_; }

  /// Gives back the memory that only reading needs.
  void rest();

  /// Bytes the system took so far, as they are on the wire.
  std::uint64_t sent() const { return sent_; }

  /// A kept connection: still open, and silent as it should be.
  bool is_idle();

  /// Operations under way end with a failure soon.
  void close();

private:
  awaitable<done> flush();
  awaitable<done> write_raw(std::string_view bytes);
  awaitable<std::size_t> read_raw(std::span<char> space);
  awaitable<std::size_t> read_decrypted();

  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<tls_session> tls_;
  input_buffer input_;
  input_buffer encrypted_;
  std::uint64_t sent_ = 0;
  bool is_dialling_ = false;
};

} // namespace pj
