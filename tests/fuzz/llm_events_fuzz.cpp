// Three decoders, the error reader and the parameter reader on any bytes: no
// crash, and the cut of the stream changes nothing. Read byte by byte no event
// is ever taken as a repetition, so this compares both ways to read one.
#include "core/llm/error_body.hpp"
#include "core/llm/wire.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace pj;
using namespace pj::llm;

struct outcome {
  bool failed = false;
  std::string why;
  std::string text;
  std::string streamed;
  finish end = finish::complete;
  std::uint64_t input_tokens = 0;
  bool operator==(const outcome&) const = default;
};

outcome failed(const failure& why) {
  outcome out;
  out.failed = true;
  out.why = why.what;
  return out;
}

outcome read(wire speaks, std::string_view bytes, std::size_t step) {
  const auto made = make_decoder({provider_id::openai, speaks, "http://h", "k"},
                                 "text/event-stream");
  outcome out;
  for (std::size_t i = 0; i < bytes.size(); i += step)
    if (auto ok = (*made)->feed(bytes.substr(i, step), out.streamed); !ok)
      return failed(ok.error());
  auto end = (*made)->finish();
  if (!end)
    return failed(end.error());
  out.text = end->text;
  out.end = end->end;
  out.input_tokens = end->tokens.input_tokens;
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  const auto speaks = static_cast<wire>(data[0] % 3);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  const auto whole = read(speaks, bytes, size);
  for (const std::size_t step : {1, 13, 64})
    if (!(read(speaks, bytes, step) == whole))
      std::abort();
  (void)classify_error({provider_id::openai, speaks, "http://h", "secret"}, 400,
                       {}, bytes);
  (void)unsupported_parameter(bytes);
  return 0;
}
