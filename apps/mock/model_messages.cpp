#include "apps/mock/model_messages.hpp"

namespace pj::doubles {
namespace {

using nlohmann::json;

bool role_is_known(dialect speaks, const std::string& role) {
  if (speaks == dialect::messages)
    return role == "user" || role == "assistant";
  return role == "system" || role == "developer" || role == "user" ||
         role == "assistant" || role == "tool" || role == "function";
}

void add_message(const model_body& body, const json& message, std::size_t index,
                 model_request& into) {
  const auto speaks = body.speaks();
  const auto list = speaks == dialect::responses ? "input" : "messages";
  const auto where = list + ('[' + std::to_string(index) + ']');
  if (!message.is_object())
    body.wrong_type(where, "object");
  const auto role = message.find("role");
  if (role == message.end()) {
    if (speaks == dialect::responses && message.contains("type"))
      return; // an item of another kind, e.g. a tool's output
    throw refused{400, "Missing required parameter: '" + where + ".role'.",
                  where + ".role", "missing_required_parameter"};
  }
  if (!role->is_string() || !role_is_known(speaks, role->get<std::string>()))
    throw refused{400,
                  speaks == dialect::messages
                    ? where + ".role: Input should be 'user' or 'assistant'"
                    : "Invalid value: '" + role->dump() +
                        "'. Supported values are: 'system', 'assistant', "
                        "'user', 'function', 'tool', and 'developer'.",
                  where + ".role", "invalid_value"};
  const auto content = message.find("content");
  if (content == message.end())
    throw refused{400,
                  speaks == dialect::messages
                    ? where + ".content: Field required"
                    : "Missing required parameter: '" + where + ".content'.",
                  where + ".content", "missing_required_parameter"};
  std::string text;
  add_text(body, *content, where + ".content", text);
  into.input_bytes += text.size();
  if (*role == "user")
    into.shown += text;
}

void check_block(const std::string& role, const json& block,
                 const std::string& where) {
  const auto type = block.is_object() ? block.value("type", json{}) : json{};
  if (role == "assistant" && type == "document")
    throw refused{400,
                  where + ": document blocks are not permitted in assistant "
                          "messages",
                  {},
                  {}};
  const auto cited =
    role == "user" && type == "text" ? block.find("citations") : block.end();
  if (cited != block.end() && cited->is_array() && !cited->empty())
    throw refused{
      400, where + ".citations: must be empty in user messages", {}, {}};
}

} // namespace

void check_blocks(const model_body& body) {
  const auto* messages = body.find("messages");
  if (!messages || !messages->is_array())
    return;
  for (std::size_t i = 0; i < messages->size(); ++i) {
    const auto& message = (*messages)[i];
    if (!message.is_object() || !message.value("role", json{}).is_string() ||
        !message.value("content", json{}).is_array())
      continue;
    std::size_t n = 0;
    for (const auto& block : message["content"])
      check_block(message["role"], block,
                  "messages." + std::to_string(i) + ".content." +
                    std::to_string(n++));
  }
}

void add_text(const model_body& body, const json& content,
              const std::string& where, std::string& out) {
  if (content.is_string()) {
    out += content.get_ref<const std::string&>();
    out += '\n';
    return;
  }
  if (content.is_null())
    return;
  if (!content.is_array())
    body.wrong_type(where, "string or list of content parts");
  for (const auto& part : content) {
    if (!part.is_object() || !part.contains("type"))
      body.wrong_type(where, "list of content parts with a type");
    if (const auto text = part.find("text");
        text != part.end() && text->is_string())
      add_text(body, *text, where, out);
  }
}

void read_messages(const model_body& body, model_request& into) {
  const auto speaks = body.speaks();
  const auto* field = speaks == dialect::responses ? "input" : "messages";
  const auto& list = body.need(field);
  if (speaks == dialect::responses && list.is_string())
    return add_text(body, list, field, into.shown);
  if (!list.is_array())
    body.wrong_type(field, "array");
  if (list.empty() && speaks == dialect::messages)
    throw refused{400, "messages: at least one message is required", {}, {}};
  if (list.empty())
    throw refused{400,
                  std::string{"Invalid '"} + field +
                    "': empty array. Expected an array with minimum length "
                    "1, but got an empty array instead.",
                  field, "empty_array"};
  std::size_t index = 0;
  for (const auto& message : list)
    add_message(body, message, index++, into);
}

} // namespace pj::doubles
