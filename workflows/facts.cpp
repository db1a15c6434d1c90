#include "workflows/facts.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "forms/scores.h"

namespace aiguillage::workflows {
namespace {

using nlohmann::json;
using storage::Document;
using storage::Fact;

constexpr double kValueMax = 1e10;  // beyond these no form means what it says
constexpr std::int64_t kWeightMax = 100'000;

const json* AnswerAt(const json& answers, const std::string& field) {
  const auto found = answers.is_object() ? answers.find(field) : answers.end();
  return answers.is_object() && found != answers.end() ? &*found : nullptr;
}

std::int64_t Hundredths(double value) { return std::llround(100 * value); }

void AddValue(std::vector<Fact>& facts, const std::string& id, const json& value,
              std::int64_t weight) {
  if (value.is_boolean()) {
    facts.push_back({id, value.get<bool>() ? 100 : 0, weight});
  } else if (value.is_number() && std::abs(value.get<double>()) <= kValueMax) {
    facts.push_back({id, Hundredths(value.get<double>()), weight});
  }
}

bool IsBlocking(const Definition& definition, const std::string& form, const std::string& group,
                const std::string& point) {
  const auto found = definition.forms.find(form);
  if (found == definition.forms.end()) return false;
  const auto* field = forms::FindField(found->second, group + "." + point);
  return field != nullptr && field->blocking;
}

void AddGrid(std::vector<Fact>& facts, const std::string& id, const Document& document,
             const std::string& group, const json& points, const Definition& definition) {
  double got = 0;
  int applicable = 0, blocking = 0;
  for (const auto& [name, point] : points.items()) {
    const std::string result = point.is_object() ? point.value("result", "") : "";
    if (result.empty() || result == "na") continue;
    ++applicable;
    got += result == "conform" ? 1 : result == "partial" ? 0.5 : 0;
    if (result == "not" && IsBlocking(definition, document.form, group, name)) ++blocking;
  }
  if (applicable == 0) return;
  facts.push_back({id, Hundredths(100 * got / applicable), 1});
  if (blocking > 0) facts.push_back({id + ".blocking", Hundredths(blocking), 1});
}

void AddScores(std::vector<Fact>& facts, const Definition& definition,
               const std::vector<Document>& documents) {
  const auto form = definition.forms.find(forms::kScoreSheet);
  if (form == definition.forms.end()) return;
  std::map<std::int64_t, json> sheets;  // the last one of each reviewer
  for (const auto& document : documents) {
    // One of former rails may have other criteria: its marks do not add up with today's.
    if (!document.taken_back && document.form == forms::kScoreSheet &&
        forms::HasEveryMark(form->second, document.answers)) {
      sheets[document.person] = document.answers;
    }
  }
  if (sheets.empty()) return;
  std::vector<json> answers;
  for (auto& [person, sheet] : sheets) answers.push_back(std::move(sheet));
  const auto scores = forms::Consolidate(form->second, answers);
  bool wide = false;
  for (const auto& criterion : scores.criteria) wide = wide || criterion.wide;
  facts.push_back({"score", Hundredths(scores.total), 1});
  facts.push_back({"sheets", Hundredths(static_cast<double>(answers.size())), 1});
  if (answers.size() > 1) facts.push_back({"wide_gap", wide ? 100 : 0, 1});
}

}  // namespace

std::vector<Fact> FactsOf(const json& figures, const Definition& definition,
                          const std::vector<Document>& documents) {
  std::map<std::string, const Document*> latest;  // by form; in order of their versions
  for (const auto& document : documents) {
    if (!document.taken_back) latest[document.form] = &document;
  }
  std::vector<Fact> facts;
  for (const auto& rule : figures.is_object() ? figures.value("facts", json::array()) : json()) {
    const auto found = latest.find(rule.value("form", ""));
    if (found == latest.end()) continue;
    const json& answers = found->second->answers;
    const std::string id = rule.value("id", ""), field = rule.value("field", "");
    const json* value = AnswerAt(answers, field);
    if (value == nullptr) continue;
    if (rule.value("kind", "") == "grid" && value->is_object()) {
      AddGrid(facts, id, *found->second, field, *value, definition);
      continue;
    }
    const json* weight = AnswerAt(answers, rule.value("weight", ""));
    const bool weighed = weight != nullptr && weight->is_number_integer();
    const std::int64_t answers_told = weighed ? weight->get<std::int64_t>() : 1;
    AddValue(facts, id, *value, std::clamp<std::int64_t>(answers_told, 0, kWeightMax));
  }
  AddScores(facts, definition, documents);
  return facts;
}

}  // namespace aiguillage::workflows
