#include "forms/schema_judge.h"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace aiguillage::forms {
namespace {

// {"<root>", "[lines]", "[0]"} -> "lines.0"
std::string PathOf(const std::vector<std::string>& context) {
  std::string path;
  for (std::size_t i = 1; i < context.size(); ++i) {
    std::string_view part = context[i];
    if (part.starts_with('[')) part.remove_prefix(1);
    if (part.ends_with(']')) part.remove_suffix(1);
    if (!path.empty()) path += '.';
    path += part;
  }
  return path;
}

}  // namespace

struct SchemaJudge::Compiled {
  valijson::Schema schema;
};

SchemaJudge::SchemaJudge(const nlohmann::json& schema) {
  auto compiled = std::make_unique<Compiled>();
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), compiled->schema);
  compiled_ = std::move(compiled);
}
SchemaJudge::~SchemaJudge() = default;

std::vector<std::string> SchemaJudge::BrokenPaths(const nlohmann::json& answers) const {
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  std::vector<std::string> paths;
  if (validator.validate(compiled_->schema, valijson::adapters::NlohmannJsonAdapter(answers),
                         &results))
    return paths;
  for (valijson::ValidationResults::Error error; results.popError(error);)
    paths.push_back(PathOf(error.context));
  if (paths.empty()) paths.emplace_back();
  return paths;
}

}  // namespace aiguillage::forms
