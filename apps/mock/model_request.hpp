#pragma once
#include "apps/mock/dialect.hpp"
#include "apps/mock/playbook.hpp"
#include "core/http.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace pj::doubles {

/// A question that passed every check.
struct model_request {
  dialect speaks = dialect::chat;
  std::string model;
  std::uint64_t input_bytes = 0; ///< of all text, the system's too
  std::string shown;             ///< all text of the user's side
  std::string task;              ///< what the person asks, see `task_of`
  bool azure = false;            ///< asked at one of Azure's addresses
  bool stream = false;
  bool include_usage = false;
  bool obfuscated = true;
};

/// Why not, as the real service says it.
struct model_refusal {
  int status = 400;
  http_headers headers;
  std::string body;
};

/// Checks address, key, headers and body as strictly as the real services.
std::variant<model_request, model_refusal>
read_model_request(const server_request& request, const std::string& key,
                   const playbook& book);

} // namespace pj::doubles
