#pragma once
#include "adapters/http/llm_port.hpp"
#include "adapters/http/port.hpp"

namespace pj {

/// Asks the providers over HTTP. Decodes on the I/O thread of `http`, which
/// also calls the handlers.
std::shared_ptr<llm_port> make_llm_client(std::shared_ptr<http_port> http);

} // namespace pj
