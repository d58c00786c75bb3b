#include "adapters/http/serving/house.hpp"

#include "adapters/http/serving/guest.hpp"

#include <boost/asio/post.hpp>

#include <future>

namespace pj::serving {

namespace asio = boost::asio;

void gate::run(std::function<void()> job) {
  if (inside())
    return job();
  const std::lock_guard lock{mutex};
  if (open)
    asio::post(io, std::move(job));
}

void gate::run_and_wait(const std::function<void()>& job) {
  if (inside())
    return job();
  std::promise<void> over;
  run([&] {
    job();
    over.set_value();
  });
  over.get_future().wait();
}

void gate::shut() {
  const std::lock_guard lock{mutex};
  open = false;
}

house::house(std::shared_ptr<gate> g, server_options o, request_handler h)
  : door(std::move(g)), options(std::move(o)), handler(std::move(h)),
    acceptor(door->io), pause(door->io) {}

void house::open() {
  if (!options.certificate_pem.empty()) {
    tls.emplace(asio::ssl::context::tls_server);
    tls->use_certificate_chain(asio::buffer(options.certificate_pem));
    tls->use_private_key(asio::buffer(options.key_pem),
                         asio::ssl::context::pem);
  }
  const asio::ip::tcp::endpoint where{asio::ip::make_address(options.address),
                                      options.port};
  acceptor.open(where.protocol());
  acceptor.set_option(asio::ip::tcp::acceptor::reuse_address(true));
  acceptor.bind(where);
  acceptor.listen(4096);
}

void house::close() {
  boost::system::error_code ignored;
  closed = true;
  acceptor.close(ignored);
  pause.cancel();
  for (const auto& t : timers)
    t->cancel();
  for (auto leaving = guests; const auto& one : leaving)
    one->shut(false);
  handler = nullptr;
}

} // namespace pj::serving
