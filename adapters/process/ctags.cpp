#include "adapters/process/ctags.hpp"

#include "adapters/process/scratch.hpp"
#include "core/json_text.hpp"
#include "core/prompt/kinds.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <utility>

namespace pj {

namespace {

using nlohmann::json;

constexpr std::chrono::seconds longest{10};
constexpr std::uint64_t most_output = 32u << 20;
constexpr std::size_t most_symbols = 5'000; // of one file

using files = std::vector<std::pair<std::string, std::string>>;
using symbols = std::vector<std::vector<prompt::symbol>>;

/// What ctags reads: a request line before the bytes of each file. The name
/// only tells the language.
std::string requests(const files& all) {
  std::string out;
  for (const auto& [path, content] : all) {
    const json ask{{"command", "generate-tags"},
                   {"filename", prompt::base_name(path)},
                   {"size", content.size()}};
    out += json_text(ask) + '\n';
    out += content;
  }
  return out;
}

/// Reads one line of the answer: a tag of the file at hand, or its end.
void take(std::string_view line, symbols& out, std::size_t& file) {
  const auto tag = parse_json(line);
  if (!tag.is_object() || file >= out.size())
    return;
  const auto type = tag.value("_type", json{});
  if (type == "completed") {
    ++file;
    return;
  }
  const auto name = tag.find("name");
  const auto number = tag.find("line");
  if (type == "tag" && name != tag.end() && name->is_string() &&
      number != tag.end() && number->is_number_unsigned() &&
      out[file].size() < most_symbols)
    out[file].push_back(
      {name->get<std::string>(), number->get<std::uint32_t>()});
}

result<command_result> call(process_port& process, std::string input) {
  const scratch_folder empty(std::filesystem::temp_directory_path());
  command what;
  what.argv = {"ctags",     "--options=NONE", "--quiet",
               "--sort=no", "--fields=Nn",    "--_interactive=sandbox"};
  what.folder = empty.path();
  what.input = std::move(input);
  what.timeout = longest;
  what.max_output = most_output;
  what.network = false;
  return process.run(what, {});
}

symbols find(process_port& process, const files& all) {
  symbols out(all.size());
  const auto ran = call(process, requests(all));
  if (!ran || ran->timed_out || ran->cut)
    return out;
  std::size_t file = 0;
  for (const auto line : split(ran->output, '\n'))
    take(line, out, file);
  return out;
}

} // namespace

ctags make_ctags(std::shared_ptr<process_port> process) {
  if (!process->available("ctags"))
    return {{}, "ctags is not installed"};
  const auto sample = find(*process, {{"sample.c", "int answer;\n"}});
  if (sample[0].size() != 1 || sample[0][0].name != "answer")
    return {{}, "ctags is not universal-ctags with JSON"};
  return {[process = std::move(process)](const files& all) {
            return find(*process, all);
          },
          {}};
}

} // namespace pj
