// The form's answers before the act, and the act's own answer as JSON.
#include "forms/answers.h"
#include "forms/computed.h"
#include "forms/validate.h"
#include "storage/hash.h"
#include "storage/journal.h"
#include "workflows/desk_rows.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;

// Enough for a command line; pages show each error beside its field.
constexpr std::size_t kErrorsShown = 5;

std::string Sentence(const forms::Form& form, const std::vector<forms::FieldError>& errors) {
  std::string text = "Le formulaire « " + form.title + " » est à corriger. ";
  for (std::size_t i = 0; i < errors.size() && i < kErrorsShown; ++i) {
    const forms::Field* field = forms::FindField(form, errors[i].path);
    const std::string name =
        field == nullptr || field->title.empty() ? errors[i].path : field->title;
    text += (i > 0 ? " " : "") + (name.empty() ? "" : name + " : ") + errors[i].sentence;
  }
  if (errors.size() > kErrorsShown) text += " …";
  return text;
}

}  // namespace

json CheckedData(const Definition& definition, const std::string& form, const json& data,
                 std::int64_t now) {
  auto checked = forms::CheckedAnswers(data.is_null() ? json::object() : data);
  if (!checked) throw Refused{checked.refusal()};
  const auto found = definition.forms.find(form);
  if (found == definition.forms.end()) return std::move(checked).value();
  const auto errors = forms::Validate(found->second, checked.value(), ParisDate(now));
  if (!errors.empty()) throw Refused{{"form", Sentence(found->second, errors), {}}};
  auto computed = forms::WithComputed(found->second, std::move(checked).value());
  if (!computed) throw Refused{computed.refusal()};
  return std::move(computed).value();
}

std::optional<ActAnswer> FirstAnswer(storage::Session& session, const std::string& key,
                                     const std::string& digest) {
  if (key.empty()) return std::nullopt;
  const auto first = storage::FindActKey(session, key);
  if (!first) return std::nullopt;
  if (first->digest != digest) {
    throw Refused{{"key_reused", "Cette clé a déjà servi pour un autre acte.", {}}};
  }
  ActAnswer answer = ActAnswerFromJson(first->answer);
  answer.repeated = true;
  return answer;
}

void KeepAnswer(storage::Session& session, const std::string& key, const std::string& digest,
                const ActAnswer& answer, std::int64_t now) {
  if (!key.empty()) storage::InsertActKey(session, {key, digest, ToJson(answer)}, now);
}

json ToJson(const ActAnswer& answer) {
  json mails = json::array(), deadlines = json::array();
  for (const auto& mail : answer.mails) {
    mails.push_back({{"template", mail.template_id},
                     {"to", mail.to},
                     {"address", mail.address},
                     {"copy", mail.copy}});
  }
  for (const auto& deadline : answer.deadlines) {
    deadlines.push_back(
        {{"event", deadline.event}, {"state", deadline.state}, {"due", deadline.due_at}});
  }
  return {
      {"project", answer.project},  {"act", answer.act},      {"version", answer.version},
      {"states", answer.states},    {"mails", mails},         {"ds", answer.ds},
      {"tasks", answer.tasks},      {"deadlines", deadlines}, {"lines", answer.transition_lines},
      {"repeated", answer.repeated}};
}

ActAnswer ActAnswerFromJson(const json& row) {
  ActAnswer answer;
  answer.project = row.at("project");
  answer.act = row.at("act");
  answer.version = row.at("version");
  answer.states = row.at("states").get<std::vector<std::string>>();
  for (const auto& mail : row.at("mails")) {
    answer.mails.push_back(
        {mail.at("template"), mail.at("to"), mail.at("address"), mail.at("copy").get<bool>(), {}});
  }
  answer.ds = row.at("ds").get<std::vector<std::string>>();
  answer.tasks = row.at("tasks").get<std::vector<std::string>>();
  for (const auto& deadline : row.at("deadlines")) {
    answer.deadlines.push_back(
        {deadline.at("event"), deadline.at("state"), deadline.at("due").get<std::int64_t>()});
  }
  answer.transition_lines = row.at("lines").get<std::vector<int>>();
  answer.repeated = row.at("repeated");
  return answer;
}

}  // namespace aiguillage::workflows
