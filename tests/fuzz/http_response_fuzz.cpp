// However a response is cut, whole ones read the same, and nothing exceeds its
// bound.
#include "adapters/http/input_buffer.hpp"
#include "adapters/http/response_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

constexpr std::uint64_t max_body = 4096;

struct outcome {
  std::string body;
  int status = 0;
  bool done = false;
};

outcome read(std::string_view bytes, std::size_t step) {
  pj::response_reader reader({false, max_body, 1024});
  pj::input_buffer input;
  outcome out;
  while (!bytes.empty() && !reader.is_done()) {
    const auto space = input.space();
    const auto n = std::min({step, bytes.size(), space.size()});
    bytes.copy(space.data(), n);
    input.commit(n);
    bytes.remove_prefix(n);
    const auto got = reader.feed(input.bytes());
    if (!got)
      return out;
    out.body += got->body;
    input.consume(got->taken);
  }
  if (!reader.is_done() && !reader.feed_end())
    return out;
  out.done = reader.is_done();
  out.status = reader.status();
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read(bytes, size + 1);
  if (whole.body.size() > max_body)
    std::abort();
  for (const std::size_t step : {1u, 3u, 64u}) {
    const auto cut = read(bytes, step);
    const bool same = cut.body == whole.body && cut.status == whole.status;
    if (cut.body.size() > max_body || (cut.done && whole.done && !same))
      std::abort();
  }
  return 0;
}
