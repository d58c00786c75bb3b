// However a stream is cut, the same events come out, within the limits.
#include "core/llm/sse.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace {

using pj::llm::sse_event;
using pj::llm::sse_limits;
using pj::llm::sse_reader;
using status = sse_reader::status;

constexpr sse_limits limits{4096, 8192};

struct outcome {
  std::vector<std::pair<std::string, std::string>> events;
  bool too_long = false;
  bool operator==(const outcome&) const = default;
};

void take(const sse_event& event, outcome& out) {
  if (event.data.size() > limits.event)
    std::abort();
  out.events.emplace_back(event.type, event.data);
}

outcome read(std::string_view bytes, std::size_t step) {
  outcome out;
  sse_reader reader(limits);
  sse_event event;
  auto got = status::need_more;
  for (std::size_t i = 0; i < bytes.size() && !out.too_long; i += step) {
    reader.feed(bytes.substr(i, step));
    while ((got = reader.next(event)) == status::event)
      take(event, out);
    out.too_long = got == status::too_long;
  }
  if (out.too_long)
    return out;
  got = reader.finish(event);
  if (got == status::event)
    take(event, out);
  out.too_long = got == status::too_long;
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read(bytes, size + 1);
  for (const std::size_t step : {1, 2, 7, 61})
    if (!(read(bytes, step) == whole))
      std::abort();
  return 0;
}
